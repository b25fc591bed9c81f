package network.lilypad.executor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// The walls inside this module.
@AnalyzeClasses(packages = "network.lilypad.executor", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule ONLY_THE_ADAPTER_KNOWS_THE_RUNTIME = noClasses().that()
      .resideOutsideOfPackage("network.lilypad.executor.wasm").should().dependOnClassesThat()
      .resideInAPackage("com.dylibso..").because("guests run behind the Executor port: use WasmExecutor");

  @ArchTest
  static final ArchRule ONLY_THE_ADAPTER_KNOWS_THE_DOCKER_CLIENT = noClasses().that()
      .resideOutsideOfPackage("network.lilypad.executor.docker").should().dependOnClassesThat()
      .resideInAPackage("com.github.dockerjava..")
      .because("containers run behind the Executor port: use DockerExecutor");

  @ArchTest
  static final ArchRule ONLY_THE_PROXY_KNOWS_NETTY = noClasses().that()
      .resideOutsideOfPackage("network.lilypad.executor.egress").should().dependOnClassesThat()
      .resideInAPackage("io.netty..").because("connections of jobs go through one place: use Egress");

  @ArchTest
  static final ArchRule THE_PROXY_KNOWS_NO_JOBS = noClasses().that()
      .resideInAPackage("network.lilypad.executor.egress").should().dependOnClassesThat()
      .resideInAnyPackage("network.lilypad.executor", "network.lilypad.executor.docker", "network.lilypad.protocol..")
      .because("what it lets through must be decided by a list alone: give it hosts");

  @ArchTest
  static final ArchRule THE_PORT_DOES_NOT_KNOW_ITS_ADAPTERS = noClasses().that()
      .resideInAPackage("network.lilypad.executor").should().dependOnClassesThat()
      .resideInAnyPackage("network.lilypad.executor.wasm", "network.lilypad.executor.docker",
          "network.lilypad.executor.egress")
      .because("the agent wires executors: take them from GpuExecutor.Setting");

  @ArchTest
  static final ArchRule ADAPTERS_KNOW_NO_ACTORS = noClasses().that()
      .resideInAnyPackage("network.lilypad.executor.wasm", "network.lilypad.executor.docker",
          "network.lilypad.executor.egress")
      .should()
      .dependOnClassesThat().resideInAPackage("org.apache.pekko.actor..")
      .because("adapters block on threads of their own: tell a Sink");

  @ArchTest
  static final ArchRule TIME_COMES_FROM_OUTSIDE = noClasses().should()
      .callMethod(java.time.Instant.class, "now")
      .because("runs must be repeatable: use the injected InstantSource");
}
