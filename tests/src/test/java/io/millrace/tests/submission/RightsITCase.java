package io.millrace.tests.submission;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.EmbeddedBroker;
import io.millrace.jobs.JobConfig;
import io.millrace.jobs.KafkaTopics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Kafka that lets nobody read its settings. */
class RightsITCase {
  private static AclBinding rule(
      ResourceType type, String name, AclOperation operation, AclPermissionType permission) {
    return new AclBinding(
        new ResourcePattern(type, name, PatternType.LITERAL),
        new AccessControlEntry("User:ANONYMOUS", "*", operation, permission));
  }

  /** The job did not start, though it can do without. */
  @Test
  void aJobStartsWithoutTheRightToReadSettings(@TempDir Path directory) throws Exception {
    Map<String, String> settings =
        Map.of(
            "authorizer.class.name",
            "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "allow.everyone.if.no.acl.found",
            "true");
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory, settings)) {
      String servers = broker.bootstrapServers();
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
        List<AclBinding> rules = new ArrayList<>();
        for (ResourceType type : List.of(ResourceType.TOPIC, ResourceType.CLUSTER)) {
          String name = type == ResourceType.TOPIC ? "*" : "kafka-cluster";
          rules.add(rule(type, name, AclOperation.ALL, AclPermissionType.ALLOW));
          rules.add(rule(type, name, AclOperation.DESCRIBE_CONFIGS, AclPermissionType.DENY));
        }
        admin.createAcls(rules).all().get();
      }
      JobConfig config =
          JobConfig.parse(
              """
              kafka: {bootstrap-servers: "%s"}
              features: {dimension: 5}
              """
                  .formatted(servers));
      KafkaTopics.Prepared prepared = KafkaTopics.prepare(config);
      assertThat(prepared.created()).contains("millrace.models");
      assertThat(prepared.notes())
          .anyMatch(n -> n.contains("no right DESCRIBE_CONFIGS on the cluster"))
          .anyMatch(n -> n.startsWith("topic 'millrace.models': its settings may not be read"));
    }
  }
}
