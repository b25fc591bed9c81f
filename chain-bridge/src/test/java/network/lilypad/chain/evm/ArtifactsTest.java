package network.lilypad.chain.evm;

import org.junit.jupiter.api.Test;

/// What is committed is what the sources compile to.
final class ArtifactsTest {
  @Test void the_committed_artifacts_are_what_the_sources_compile_to_and_each_fits_on_a_chain() {
    ContractsBuild.run("build.mjs", "--check");
  }

  @Test void the_committed_wrappers_are_what_was_generated_from_the_artifacts() {
    ContractsBuild.run("wrappers.mjs", "--check");
  }
}
