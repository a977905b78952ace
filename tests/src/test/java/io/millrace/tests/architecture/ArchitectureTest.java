package io.millrace.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.junit.jupiter.api.Test;

/**
 * The arrows between modules, calls that break restart equality, and names that savepoints hold.
 */
class ArchitectureTest {
  private static final JavaClasses MAIN = House.MAIN;

  /** Functions that Math computes to within an ulp or two, and not to the last bit. */
  private static final Set<String> ELEMENTARY =
      Set.of(
          "exp", "expm1", "log", "log1p", "log10", "pow", "cbrt", "hypot", "sin", "cos", "tan",
          "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh");

  private static final SliceAssignment EVERY_PACKAGE =
      new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass c) {
          return c.getPackageName().startsWith("io.millrace.")
              ? SliceIdentifier.of(c.getPackageName())
              : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
          return "packages";
        }
      };

  @Test
  void coreKnowsOnlyTheJdkAndEjml() {
    classes()
        .that()
        .resideInAPackage("io.millrace.core..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.millrace.core..", "java..", "jdk..", "org.ejml..")
        .check(MAIN);
  }

  /**
   * Every package is a slice of its own: contracts lie below what implements them, registries above
   * what they list, what commands share below the commands.
   */
  @Test
  void packagesAreFreeOfCycles() {
    slices().assignedFrom(EVERY_PACKAGE).should().beFreeOfCycles().check(MAIN);
  }

  @Test
  void goldenKnowsOnlyCoreAndJackson() {
    classes()
        .that()
        .resideInAPackage("io.millrace.golden..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.millrace.golden..", "io.millrace.core..", "com.fasterxml.jackson..", "java..")
        .check(MAIN);
  }

  @Test
  void nothingThatRunsInAJobKnowsGoldenFiles() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.millrace.golden..", "io.millrace.cli..", "io.millrace.bench..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.millrace.golden..")
        .check(MAIN);
  }

  /**
   * Algorithms are named in a configuration and made by their registries. Some of their parts are
   * public for golden files and benchmarks, and for nobody else.
   */
  @Test
  void algorithmsAreReachedThroughTheirRegistries() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.millrace.core..", "io.millrace.golden..", "io.millrace.bench..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.millrace.core.bandit.adversarial..",
            "io.millrace.core.bandit.contextual..",
            "io.millrace.core.bandit.index..",
            "io.millrace.core.bandit.linear..",
            "io.millrace.core.bandit.restart..",
            "io.millrace.core.bandit.thompson..",
            "io.millrace.core.dictionary.coder..",
            "io.millrace.core.dictionary.cp..",
            "io.millrace.core.dictionary.nmf..",
            "io.millrace.core.dictionary.online..",
            "io.millrace.core.dictionary.orthogonal..",
            "io.millrace.core.dictionary.unfolded..",
            "io.millrace.core.optim.adaptive..",
            "io.millrace.core.optim.firstorder..",
            "io.millrace.core.optim.parameterfree..",
            "io.millrace.core.optim.part..",
            "io.millrace.core.optim.polyak..",
            "io.millrace.core.optim.proximal..",
            "io.millrace.core.optim.secondorder..",
            "io.millrace.core.optim.structured..",
            "io.millrace.core.optim.variance..",
            "io.millrace.core.sample.diffusion..",
            "io.millrace.core.sample.estimator..",
            "io.millrace.core.sample.particle..")
        .check(MAIN);
  }

  @Test
  void schemasKnowOnlyAvro() {
    noClasses()
        .that()
        .resideInAPackage("io.millrace.schemas..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.millrace.core..",
            "io.millrace.client..",
            "io.millrace.operators..",
            "org.apache.kafka..",
            "org.apache.flink..")
        .check(MAIN);
  }

  @Test
  void clientKnowsNoFlink() {
    noClasses()
        .that()
        .resideInAPackage("io.millrace.client..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.flink..",
            "io.millrace.operators..",
            "io.millrace.jobs..",
            "io.millrace.cli..")
        .check(MAIN);
  }

  @Test
  void operatorsKnowNoKafkaAndNoJob() {
    noClasses()
        .that()
        .resideInAnyPackage("io.millrace.operators..", "io.millrace.state..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.kafka..",
            "org.apache.flink.connector.kafka..",
            "io.millrace.jobs..",
            "io.millrace.client..",
            "io.millrace.cli..")
        .check(MAIN);
  }

  @Test
  void jobsKnowNeitherClientNorCommandLine() {
    noClasses()
        .that()
        .resideInAPackage("io.millrace.jobs..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.millrace.client..", "io.millrace.cli..", "io.millrace.broker..")
        .check(MAIN);
  }

  /**
   * Randomness is a function of seed, key and step; a generator with state of its own breaks
   * replay.
   */
  @Test
  void nothingDrawsFromAStatefulGenerator() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.millrace.core..",
            "io.millrace.operators..",
            "io.millrace.state..",
            "io.millrace.jobs..")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Random.class, ThreadLocalRandom.class)
        .orShould()
        .callMethod(Math.class, "random")
        .check(MAIN);
  }

  /**
   * Math may round these differently on another processor or virtual machine, StrictMath may not: a
   * savepoint that moves would go on with other bits.
   */
  @Test
  void nothingComputesWithFunctionsThatDifferBetweenMachines() {
    noClasses()
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "elementary functions of Math",
                call ->
                    call.getTargetOwner().isEquivalentTo(Math.class)
                        && ELEMENTARY.contains(call.getName())))
        .check(MAIN);
  }

  /** Scratch comes from the workspace that a call is handed. */
  @Test
  void numericsKeepNothingPerThread() {
    noClasses()
        .that()
        .resideInAPackage("io.millrace.core..")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ThreadLocal.class)
        .check(MAIN);
  }

  @Test
  void numericsReadNoClock() {
    noClasses()
        .that()
        .resideInAnyPackage("io.millrace.core..", "io.millrace.operators..", "io.millrace.state..")
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .check(MAIN);
  }

  @Test
  void onlyProcessesOfTheirOwnPrint() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.millrace.cli..", "io.millrace.bench..", "io.millrace.broker..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(MAIN);
  }

  /** What is written for machines, or read back, must not depend on whose machine it is. */
  @Test
  void textIsTheSameInEveryLocale() {
    noClasses()
        .should()
        .callMethod(String.class, "format", String.class, Object[].class)
        .orShould()
        .callMethod(String.class, "formatted", Object[].class)
        .orShould()
        .callMethod(String.class, "toLowerCase")
        .orShould()
        .callMethod(String.class, "toUpperCase")
        .check(MAIN);
  }

  @Test
  void nothingReadsJavaSerialization() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.ObjectInputStream")
        .check(MAIN);
  }

  /**
   * Serializer snapshot class names are written into savepoints. A class that leaves this list
   * makes old savepoints unreadable; a new one is added to the list in the same change.
   */
  @Test
  void frozenPackageHoldsTheListedClasses() throws IOException {
    Set<String> found =
        MAIN.stream()
            .filter(c -> c.getPackageName().equals("io.millrace.state"))
            .filter(c -> !c.getModifiers().contains(JavaModifier.ABSTRACT))
            .filter(
                c ->
                    c.isAssignableTo(TypeSerializer.class)
                        || c.isAssignableTo(TypeSerializerSnapshot.class))
            .map(JavaClass::getName)
            .collect(Collectors.toSet());
    List<String> listed;
    try (var in = getClass().getResourceAsStream("/architecture/frozen-state-classes.txt")) {
      listed =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(l -> !l.isBlank() && !l.startsWith("#"))
              .toList();
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(listed);
  }
}
