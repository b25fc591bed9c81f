package network.lilypad.node;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// What may know what, seen from the module that knows all.
@AnalyzeClasses(packages = "network.lilypad", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule nobody_knows_the_node = noClasses().that().resideOutsideOfPackage(
      "network.lilypad.node..").should().dependOnClassesThat().resideInAPackage("network.lilypad.node..")
      .because("the node wires all others and is known by none");

  @ArchTest
  static final ArchRule the_protocol_knows_nobody = noClasses().that().resideInAPackage(
      "network.lilypad.protocol..").should().dependOnClassesThat().resideInAnyPackage("network.lilypad.actors..",
          "network.lilypad.chain..", "network.lilypad.executor..", "network.lilypad.node..")
      .because("modules are a star and the protocol is its middle");

  @ArchTest
  static final ArchRule the_database_has_its_rooms = noClasses().that().resideInAPackage(
      "network.lilypad.node..").and().resideOutsideOfPackages("network.lilypad.node.store..",
          "network.lilypad.node.read..", "network.lilypad.node.up..")
      .should().dependOnClassesThat().resideInAnyPackage("java.sql..", "javax.sql..")
      .because("only the store, the read side and the wiring speak to the database");

  @ArchTest
  static final ArchRule the_command_line_has_its_room = noClasses().that().resideOutsideOfPackage(
      "network.lilypad.node.cli..").should().dependOnClassesThat().resideInAPackage("picocli..")
      .because("what a command does is in the client, what a person types in the cli");

  @ArchTest
  static final ArchRule the_provider_reaches_the_market_only_over_its_stream = noClasses().that()
      .resideInAnyPackage("network.lilypad.node.agent..", "network.lilypad.node.modules..",
          "network.lilypad.node.client..")
      .should().dependOnClassesThat().resideInAnyPackage("network.lilypad.actors..", "network.lilypad.chain..",
          "network.lilypad.node.gateway..", "network.lilypad.node.session..", "network.lilypad.node.store..")
      .because("an agent is no cluster member: one protocol, no second path");
}
