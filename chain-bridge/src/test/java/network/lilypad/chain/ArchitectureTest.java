package network.lilypad.chain;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "network.lilypad.chain", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule CHAIN_LIBRARY = noClasses().that()
      .resideOutsideOfPackage("network.lilypad.chain.evm..")
      .should().dependOnClassesThat().resideInAPackage("org.web3j..")
      .because("one package knows how to talk to an EVM chain; everybody else uses Settlement");

  @ArchTest
  static final ArchRule DATABASE = noClasses().that().resideOutsideOfPackage("network.lilypad.chain.local..")
      .should().dependOnClassesThat().resideInAnyPackage("java.sql..", "javax.sql..")
      .because("only the embedded ledger lives in a database; everybody else uses Settlement");

  @ArchTest
  static final ArchRule RULES = noClasses().that().haveSimpleName("LedgerRules").or().haveSimpleName("Slot")
      .or()
      .haveSimpleName("Ruling").or().haveSimpleName("Check").or().haveSimpleName("Posting").should()
      .dependOnClassesThat()
      .resideInAnyPackage("java.sql..", "javax.sql..", "java.time..", "org.apache.pekko..", "org.slf4j..")
      .because("the rules are pure: time and tables come in as values");

  @ArchTest
  static final ArchRule PORT_WITHOUT_ACTORS = noClasses().that()
      .resideInAPackage("network.lilypad.chain.local..").should().dependOnClassesThat()
      .resideInAPackage("org.apache.pekko..").because("adapters are plain blocking code on virtual threads");
}
