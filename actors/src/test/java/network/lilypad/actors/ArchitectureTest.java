package network.lilypad.actors;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// What may know what in the market.
@AnalyzeClasses(packages = "network.lilypad.actors", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule the_market_knows_only_the_protocol = noClasses().should().dependOnClassesThat()
      .resideInAnyPackage("network.lilypad.chain..", "network.lilypad.executor..", "network.lilypad.node..")
      .because("modules are a star: the protocol is in the middle, the node knows all");

  @ArchTest
  static final ArchRule pure_code_touches_no_world = noClasses().that(pure()).should().dependOnClassesThat(
      describe("a world", type -> type.getPackageName().startsWith("org.slf4j")
          || type.getPackageName().startsWith("java.io") || type.getPackageName().startsWith("java.nio.file")
          || type.getPackageName().startsWith("java.util.concurrent")
          || type.getName().equals("java.time.InstantSource") || type.getName().equals("java.time.Clock")
          || type.getName().startsWith("java.util.Random") || type.getPackageName().startsWith("java.util.random")
          || type.getPackageName().startsWith("org.apache.pekko.cluster")
          || type.getPackageName().startsWith("org.apache.pekko.persistence")))
      .because("state machines, book and rules decide from state, command and the time they are handed");

  @ArchTest
  static final ArchRule generated_protobuf_stays_in_wires = noClasses()
      .that().haveNameNotMatching(".*Wire(\\$\\d+)?").and().resideOutsideOfPackage("network.lilypad.actors.wire")
      .should().dependOnClassesThat().resideInAPackage("network.lilypad.protocol.proto..")
      .because("a wire turns messages into our own words at the border");

  private static DescribedPredicate<JavaClass> pure() {
    return describe("pure", type -> type.getName().matches(
        "network\\.lilypad\\.actors\\.(\\w+\\.\\w*(State|Rules|Story|Effect)(\\$\\w+)?"
            + "|market\\.(?!Matchmaker|OpenOffers|package-info)\\w+(\\$\\w+)?)"));
  }
}
