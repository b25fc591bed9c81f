package network.lilypad.protocol;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// What may know what within this module.
@AnalyzeClasses(packages = "network.lilypad.protocol", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final String PROTO = "network.lilypad.protocol.proto..";

  @ArchTest
  static final ArchRule values_and_signing_know_no_framework = noClasses()
      .that().resideInAnyPackage("..protocol.value..", "..protocol.sign..")
      .should().dependOnClassesThat()
      .resideInAnyPackage("org.apache.pekko..", "com.typesafe..", "scala..", "com.google..",
          "io.grpc..", "com.esotericsoftware..", "org.slf4j..")
      .because("clients and simulations use them without an actor system; put such code into wire or serializer");

  @ArchTest
  static final ArchRule content_knows_no_actors = noClasses()
      .that().resideInAPackage("..protocol.content..")
      .should().dependOnClassesThat().resideInAnyPackage("org.apache.pekko..", "io.grpc..", "com.esotericsoftware..")
      .because("a client verifies results without an actor system; protobuf's wire format is dag-pb's too");

  @ArchTest
  static final ArchRule values_know_only_values_and_the_jdk = classes()
      .that().resideInAPackage("..protocol.value..")
      .should().onlyDependOnClassesThat().resideInAnyPackage("java..", "org.jspecify..", "org.bouncycastle.crypto..",
          "org.conscrypt..", "..protocol.value..")
      .because("everything else is built of them");

  @ArchTest
  static final ArchRule curves_are_only_in_sign = noClasses()
      .that().resideOutsideOfPackage("..protocol.sign..")
      .should().dependOnClassesThat().resideInAnyPackage("fr.acinq..", "org.web3j..")
      .because("Wallet and Signatures are the doors to ECDSA");

  @ArchTest
  static final ArchRule protobuf_is_only_in_wires_and_serializers = noClasses()
      .that().resideOutsideOfPackages("..protocol.wire..", "..protocol.serializer..", PROTO)
      .should().dependOnClassesThat().resideInAPackage(PROTO)
      .because("values travel; use ValuesWire, SignedWire, JobSpecWire, RejectionWire or WireDoor");

  @ArchTest
  static final ArchRule kryo_is_only_in_the_serializers = noClasses()
      .that().resideOutsideOfPackage("..protocol.serializer..")
      .should().dependOnClassesThat().resideInAPackage("com.esotericsoftware..")
      .because("a word's bytes are decided in one place; register it in a KryoWords");

  @ArchTest
  static final ArchRule nobody_serializes_by_java = noClasses()
      .should().dependOnClassesThat().areAssignableTo(java.io.ObjectInputStream.class)
      .because("reading Java-serialized bytes can run code; use protobuf or a KryoWords");

  @ArchTest
  static final ArchRule values_read_no_clock_and_no_chance = noClasses()
      .that().resideInAnyPackage("..protocol.value..", "..protocol.wire..", "..protocol.serializer..")
      .should().callMethod(java.time.Instant.class, "now")
      .orShould().callMethod(System.class, "currentTimeMillis")
      .orShould().dependOnClassesThat(JavaClass.Predicates.assignableTo(java.util.Random.class))
      .because("time and chance come in through constructors; use the injected InstantSource or random");
}
