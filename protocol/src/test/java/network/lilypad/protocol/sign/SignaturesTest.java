package network.lilypad.protocol.sign;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Optional;
import network.lilypad.protocol.Samples;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.Signature;
import org.junit.jupiter.api.Test;

class SignaturesTest {
  private final Signatures signatures = new Signatures(Samples.DOMAIN);

  @Test void what_a_wallet_signs_is_verified_as_its_own() {
    var wallet = Wallet.create(new SecureRandom());
    var signed = wallet.sign(Samples.DOMAIN, Samples.LEASE);
    assertThat(signed.signer()).isEqualTo(wallet.address());
    assertThat(signatures.verify(signed.word(), signed.signature())).contains(signed);
  }

  @Test void in_another_domain_it_is_not_that_wallets_signature() {
    var signed = Samples.AGENT.sign(new Domain(1, Samples.DOMAIN.verifyingContract()), Samples.LEASE);
    assertThat(signatures.verify(Samples.LEASE, signed.signature()))
        .isNotEqualTo(Optional.of(Samples.signedLease()));
  }

  @Test void a_contract_wallets_bytes_are_nobodys_here() {
    assertThat(signatures.verify(Samples.LEASE, Signature.of(new byte[200]))).isEmpty();
  }

  @Test void a_wallet_never_shows_its_key() {
    var wallet = Wallet.of(new Bytes32(0, 0, 0, 77));
    assertThat(wallet).hasToString("wallet " + wallet.address());
    assertThat(Wallet.of(wallet.key()).address()).isEqualTo(wallet.address());
  }
}
