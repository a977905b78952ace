package io.millrace.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.ConfigException;
import io.millrace.core.TextFiles;
import io.millrace.core.spec.Hyper;
import io.millrace.operators.output.Channel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A job's settings, checked as a whole: whoever holds one knows that it can be run. Immutable.
 * Stays on the submitting side. {@link #toString} shows no secret.
 */
public final class JobConfig {
  private static final Pattern SECRET =
      Pattern.compile(
          "password|secret|jaas|token|credential|private|\\.key", Pattern.CASE_INSENSITIVE);

  private static final Pattern CANDIDATE = Pattern.compile("[a-z0-9-]{1,40}");

  private final Map<Setting<?>, Object> values = new LinkedHashMap<>();
  private final Map<String, String> kafka = new TreeMap<>();
  private final Map<String, String> sharedKafka = new TreeMap<>();
  private final Map<String, Map<String, String>> words = new LinkedHashMap<>();
  private final Map<String, Map<String, Double>> numbers = new LinkedHashMap<>();
  private final Set<Setting<?>> given = new HashSet<>();
  private final Map<String, JobConfig> candidates = new LinkedHashMap<>();
  private final Map<String, Map<String, String>> differences = new LinkedHashMap<>();
  private final JobFamily family;

  private JobConfig(JsonNode root, Map<String, String> environment, List<JobFamily> families) {
    List<String> faults = new ArrayList<>();
    Document document = new Document(root, families, faults);
    family = document.family();
    Set<String> unread = new LinkedHashSet<>();
    for (Setting<?> s : document.settings()) {
      values.put(s, value(s, document, faults, unread));
      if (document.value(s.key()) != null) {
        given.add(s);
      }
    }
    Variables variables = new Variables(environment);
    fill(kafka, Settings.KAFKA, document, variables, faults);
    if (family.shared() != null) {
      fill(sharedKafka, family.shared().properties(), document, variables, faults);
    }
    for (SettingTable table : family.tables()) {
      table.words().forEach((section, w) -> read(section, w, document, faults));
    }
    List<String> ofCandidates = new ArrayList<>();
    document
        .maps(LearnSettings.CANDIDATES)
        .forEach((name, d) -> candidate(name, d, document, environment, families, ofCandidates));
    // Checked with defaults in place of what could not be read, so that all faults show at once;
    // what is found about such a place has been said already.
    List<String> together = new ArrayList<>();
    check(together);
    together.stream()
        .filter(f -> unread.stream().noneMatch(k -> isAbout(f, k)))
        .forEach(faults::add);
    List<String> own = List.copyOf(faults);
    ofCandidates.stream() // which have every fault of the job, too
        .filter(f -> own.stream().noneMatch(o -> f.endsWith(": " + o)))
        .forEach(faults::add);
    if (!faults.isEmpty()) {
      throw new ConfigException(faults.stream().distinct().toList());
    }
  }

  private static void fill(
      Map<String, String> clients,
      String section,
      Document document,
      Variables variables,
      List<String> faults) {
    document
        .section(section)
        .forEach((k, v) -> clients.put(k, variables.fill(section + "." + k, v, faults)));
  }

  private void candidate(
      String name,
      JsonNode difference,
      Document document,
      Map<String, String> environment,
      List<JobFamily> families,
      List<String> faults) {
    String where = LearnSettings.CANDIDATES + "." + name;
    if (!CANDIDATE.matcher(name).matches()) {
      faults.add(where + ": must have a name of 1 to 40 of the characters a-z 0-9 -");
      return;
    }
    Map<String, String> flat = Differences.flat(difference);
    for (String key : flat.keySet()) {
      if (!Differences.allowed(key)) {
        faults.add(
            where
                + "."
                + key
                + ": must not differ; a candidate may differ in model (loss and classes aside),"
                + " optimizer and features.scaling");
        return;
      }
    }
    differences.put(name, flat);
    List<String> own = List.of(LearnSettings.CANDIDATES, "gate");
    try {
      JsonNode root = Differences.applied(document.root(), difference, own);
      candidates.put(name, new JobConfig(root, environment, families));
    } catch (ConfigException e) {
      e.faults().forEach(f -> faults.add(where + ": " + f));
    }
  }

  /** The job as each candidate is configured, by name, in the order of the document. */
  Map<String, JobConfig> candidates() {
    return Collections.unmodifiableMap(candidates);
  }

  private static boolean isAbout(String fault, String key) {
    return fault.startsWith(key + " ") || fault.startsWith(key + ":");
  }

  /**
   * Reads a job's YAML.
   *
   * @throws ConfigException listing every fault
   */
  public static JobConfig parse(String yaml) {
    return parse(yaml, System.getenv());
  }

  /** As {@link #parse(String)}, with variables for {@code kafka.properties} from elsewhere. */
  static JobConfig parse(String yaml, Map<String, String> environment) {
    return new JobConfig(SpeltYaml.read(yaml), environment, JobFamily.ALL);
  }

  /** As {@link #parse(String)}, of a family that need not be one of this build's. */
  public static JobConfig parse(String yaml, List<JobFamily> families) {
    return new JobConfig(SpeltYaml.read(yaml), System.getenv(), families);
  }

  /**
   * Reads a job's YAML from a file.
   *
   * @throws ConfigException listing every fault, or that the file cannot be read
   */
  public static JobConfig read(Path file) {
    String yaml;
    try {
      yaml = TextFiles.read(file);
    } catch (IOException e) {
      throw new ConfigException(
          "job '" + file + "': cannot be read (" + TextFiles.why(e) + "); name a YAML file");
    }
    try {
      return parse(yaml);
    } catch (ConfigException e) {
      throw new ConfigException(e.faults().stream().map(f -> file + ": " + f).toList());
    }
  }

  /** Value of a setting; null where it is absent and has no default, or is {@code none}. */
  @SuppressWarnings("unchecked") // values hold for each setting what its own parser made
  public <T> T get(Setting<T> setting) {
    return (T) values.get(setting);
  }

  /** Whether a setting stands in the document. */
  boolean given(Setting<?> setting) {
    return given.contains(setting);
  }

  /**
   * Settings for every client of the job's own Kafka, environment variables put in. Not modifiable.
   */
  public Map<String, String> kafkaProperties() {
    return own().settings();
  }

  /** The Kafkas that the job uses, its own first. */
  List<KafkaCluster> clusters() {
    KafkaCluster own = own();
    String servers = sharedServers();
    if (servers == null) {
      return List.of(own);
    }
    Set<String> topics = topics();
    topics.removeAll(own.topics());
    return List.of(
        own, KafkaCluster.of(KafkaCluster.OWN + ".shared", servers, sharedKafka, topics));
  }

  /** The Kafka that a topic of the job lies on. */
  KafkaCluster cluster(String topic) {
    return clusters().stream().filter(c -> c.holds(topic)).findFirst().orElseThrow();
  }

  private KafkaCluster own() {
    Set<String> topics = topics();
    if (sharedServers() != null) {
      family.shared().topics().forEach(role -> topics.remove(topic(role)));
    }
    return KafkaCluster.of(KafkaCluster.OWN, get(Settings.BOOTSTRAP), kafka, topics);
  }

  private String sharedServers() {
    return family.shared() == null ? null : get(family.shared().servers());
  }

  /** Names of all topics that the job reads or writes. */
  private Set<String> topics() {
    Set<String> topics = new LinkedHashSet<>(inputTopics());
    outputs().forEach(o -> topics.add(topic(o.topic())));
    return topics;
  }

  /** What the job is of. */
  public JobFamily family() {
    return family;
  }

  /** Name of the job. */
  public String name() {
    String given = get(Settings.NAME_OF_JOB);
    return given == null ? get(Settings.TOPIC_PREFIX) + "-" + family.id() : given;
  }

  /**
   * What the job is to Kafka: its consumer group, and the beginning of its client ids and
   * transactional ids. Neither part can hold the mark between them, so no job's id begins
   * another's.
   */
  public String id() {
    return get(Settings.TOPIC_PREFIX) + "/" + name();
  }

  /** Whether records are written in transactions. */
  boolean exactlyOnce() {
    return get(Settings.DELIVERY).equals("exactly-once");
  }

  /** Numbers in an open section of the family as given, by name. */
  Map<String, Double> numbers(String section) {
    return numbers.get(section);
  }

  /** Words in an open section of the family as given, by name. */
  Map<String, String> words(String section) {
    return words.get(section);
  }

  /** Name of an input or output topic; null: the job does without. */
  public String topic(Setting<String> role) {
    String given = get(role);
    if (given == null) {
      return get(Settings.TOPIC_PREFIX) + "." + role.key().substring("topics.".length());
    }
    return given.equals("none") ? null : given;
  }

  /** Names of the input topics, each once, the one whose partitions keys call home first. */
  public List<String> inputTopics() {
    Set<String> topics = new LinkedHashSet<>();
    family.inputs().stream().filter(i -> i.wanted(this)).forEach(i -> topics.add(topic(i.topic())));
    return List.copyOf(topics);
  }

  /** Names of topics that a savepoint may read and the job does not. */
  List<String> retiredTopics() {
    List<String> retired = get(Settings.RETIRED);
    return retired == null ? List.of() : retired;
  }

  /** Channels that this job writes. */
  public List<JobFamily.Output> outputs() {
    return family.outputs().stream().filter(o -> o.wanted(this)).toList();
  }

  /** Whether this job writes a channel. */
  boolean has(Channel channel) {
    return outputs().stream().anyMatch(o -> o.channel().equals(channel));
  }

  /** Settings in force, one per line, secrets hidden. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    values.forEach(
        (s, v) -> {
          if (v != null) {
            out.append(s.key()).append(" = ").append(v).append('\n');
          }
        });
    words.forEach((section, entries) -> append(out, section, entries));
    numbers.forEach((section, entries) -> append(out, section, entries));
    differences.forEach(
        (name, entries) -> append(out, LearnSettings.CANDIDATES + "." + name, entries));
    appendClients(out, Settings.KAFKA, kafka);
    if (family.shared() != null) {
      appendClients(out, family.shared().properties(), sharedKafka);
    }
    return out.toString();
  }

  private static void appendClients(
      StringBuilder out, String section, Map<String, String> clients) {
    clients.forEach(
        (k, v) -> out.append(section + "." + k + " = " + (secret(k) ? "(hidden)" : v) + "\n"));
  }

  private static void append(StringBuilder out, String section, Map<String, ?> entries) {
    entries.forEach((k, v) -> out.append(section + "." + k + " = " + v + "\n"));
  }

  /** Whether the value of a Kafka setting of this name must not be shown. */
  static boolean secret(String name) {
    return SECRET.matcher(name).find();
  }

  private static Object value(
      Setting<?> s, Document document, List<String> faults, Set<String> unread) {
    String given = document.value(s.key());
    if (given == null) {
      if (s.defaultText() == null) {
        faults.add(s.key() + ": not given; must be " + s.allowed());
        unread.add(s.key());
      }
      return standIn(s);
    }
    try {
      return s.parser().apply(given);
    } catch (RuntimeException e) {
      faults.add(
          s.key() + " = '" + given.replace(Document.SEPARATOR, ", ") + "'; must be " + s.allowed());
      unread.add(s.key());
      return standIn(s);
    }
  }

  /** The default; where there is none, a number that lets the other settings be checked. */
  private static Object standIn(Setting<?> s) {
    if (s.defaultText() != null) {
      return s.defaultText().isEmpty() ? null : s.parser().apply(s.defaultText());
    }
    try {
      return s.parser().apply("1");
    } catch (RuntimeException e) {
      return null; // no number; no check looks at it
    }
  }

  /** Sorts the entries of an open section into words and numbers. */
  private void read(String section, Set<String> names, Document document, List<String> faults) {
    Map<String, String> w = new TreeMap<>();
    Map<String, Double> n = new TreeMap<>();
    document
        .section(section)
        .forEach(
            (name, value) -> {
              if (names.contains(name)) {
                w.put(name, value);
                return;
              }
              String[] elements = value.split(Document.SEPARATOR);
              for (int k = 1; k <= elements.length; k++) {
                read(section, Hyper.element(name, k), elements[k - 1], n, faults);
              }
            });
    words.put(section, w);
    numbers.put(section, n);
  }

  private static void read(
      String section, String name, String value, Map<String, Double> into, List<String> faults) {
    try {
      if (into.put(name, Values.number(value)) != null) {
        faults.add(
            section + "." + name + ": stands twice, once in a list and once by its own name");
      }
    } catch (IllegalArgumentException e) {
      faults.add(section + "." + name + " = '" + value + "'; must be a finite number");
    }
  }

  /** What no setting can say of itself. */
  private void check(List<String> faults) {
    checkTopics(faults);
    if (get(Settings.PARALLELISM) != null
        && get(Settings.PARALLELISM) > get(Settings.MAX_PARALLELISM)) {
      faults.add(
          "parallelism = "
              + get(Settings.PARALLELISM)
              + "; must be at most max-parallelism = "
              + get(Settings.MAX_PARALLELISM));
    }
    Duration longest = get(Settings.CHECKPOINT_INTERVAL).plus(get(Settings.CHECKPOINT_TIMEOUT));
    if (exactlyOnce() && get(Settings.TRANSACTION_TIMEOUT).compareTo(longest) <= 0) {
      faults.add(
          "kafka.transaction-timeout = "
              + get(Settings.TRANSACTION_TIMEOUT)
              + "; must be longer than checkpoint.interval and checkpoint.timeout together ("
              + longest
              + ") because delivery is exactly-once");
    }
    if (get(Settings.ALIGNED_TIMEOUT) != null && !get(Settings.UNALIGNED)) {
      faults.add(
          Settings.ALIGNED_TIMEOUT.key()
              + " = "
              + get(Settings.ALIGNED_TIMEOUT)
              + "; must be none because checkpoint.unaligned is false");
    }
    checkSizes(faults);
    ClientSettings.check(this, Settings.KAFKA, kafka, faults);
    if (family.shared() != null) {
      checkShared(faults);
    }
    faults.addAll(JobPlan.faults(this));
  }

  /** What lies on the shared Kafka must not lie on the job's own, and the other way round. */
  private void checkShared(List<String> faults) {
    JobFamily.Shared shared = family.shared();
    String key = shared.servers().key();
    String servers = get(shared.servers());
    if (servers == null) {
      if (!sharedKafka.isEmpty()) {
        faults.add(
            shared.properties()
                + ": must be absent because "
                + key
                + " is not given; say there where the shared Kafka is");
      }
      return;
    }
    ClientSettings.check(this, shared.properties(), sharedKafka, faults);
    if (servers.equals(get(Settings.BOOTSTRAP))) {
      faults.add(
          key
              + " = '"
              + servers
              + "'; must be another Kafka than "
              + Settings.BOOTSTRAP.key()
              + ", or absent where all topics lie on one");
    }
    for (Setting<String> role : shared.topics()) {
      String name = topic(role);
      topicRoles()
          .filter(other -> !shared.topics().contains(other))
          .filter(other -> name != null && name.equals(topic(other)))
          .forEach(
              other ->
                  faults.add(
                      role.key()
                          + " = '"
                          + name
                          + "'; must differ from "
                          + other.key()
                          + ", which lies on another Kafka"));
    }
  }

  private Stream<Setting<String>> topicRoles() {
    return Stream.concat(
            family.inputs().stream().map(JobFamily.Input::topic),
            family.outputs().stream().map(JobFamily.Output::topic))
        .distinct();
  }

  private void checkTopics(List<String> faults) {
    List<Setting<String>> required = new ArrayList<>();
    family.inputs().stream()
        .filter(i -> i.required() && i.part().test(this))
        .forEach(i -> required.add(i.topic()));
    family.outputs().stream()
        .filter(o -> o.required() && o.part().test(this))
        .forEach(o -> required.add(o.topic()));
    for (Setting<String> role : required) {
      if (topic(role) == null) {
        faults.add(role.key() + " = 'none'; the job cannot do without; name a topic");
      }
    }
    // Of all parts of the family: what one job writes for another is read there.
    List<String> inputs =
        family.inputs().stream().map(i -> topic(i.topic())).filter(Objects::nonNull).toList();
    for (String topic : retiredTopics()) {
      if (inputTopics().contains(topic)) {
        faults.add(Settings.RETIRED.key() + ": '" + topic + "' is an input topic; remove one");
      }
    }
    List<String> taken = new ArrayList<>();
    for (JobFamily.Output output : family.outputs()) {
      String topic = topic(output.topic());
      if (topic == null) {
        continue;
      }
      String key = output.topic().key();
      if (output.channel().loops() && !inputs.contains(topic)) {
        faults.add(
            key + " = '" + topic + "'; must be an input topic of the job, since the channel loops");
      } else if (!output.channel().loops() && inputs.contains(topic)) {
        faults.add(key + " = '" + topic + "'; must not be an input topic of the same job");
      } else if (taken.contains(topic)) {
        faults.add(key + " = '" + topic + "'; another output goes there; must differ");
      }
      taken.add(topic);
    }
  }

  private void checkSizes(List<String> faults) {
    long request;
    try {
      request = own().maxRequestBytes();
    } catch (NumberFormatException e) {
      return; // the client's own validator says so
    }
    for (JobFamily.Output output : family.outputs()) {
      Setting<Integer> size = recordSize(output.channel());
      if (size != null && largestRecord(output.channel()) > request) {
        faults.add(
            size.key()
                + " = "
                + get(size)
                + "; must be at most "
                + (request - margin())
                + " because a Kafka request takes "
                + request
                + " bytes (kafka.properties.max.request.size)");
      }
    }
  }

  /** What a record has around a part, or around a dead letter: keys, header, framing. */
  private long margin() {
    return 4096 + 2L * get(Settings.KEY_BYTES);
  }

  /** Setting that bounds the records of a channel; null: they are small. */
  Setting<Integer> recordSize(Channel channel) {
    Setting<Integer> size = Settings.table().recordSizes().get(channel);
    for (SettingTable table : family.tables()) {
      size = size == null ? table.recordSizes().get(channel) : size;
    }
    return size;
  }

  /** Bytes of the largest record of a channel, where a setting bounds it. */
  long largestRecord(Channel channel) {
    Setting<Integer> size = recordSize(channel);
    return margin() + (size == null ? 0 : get(size));
  }
}
