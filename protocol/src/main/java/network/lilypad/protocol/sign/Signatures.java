package network.lilypad.protocol.sign;

import java.util.Optional;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Signable;
import network.lilypad.protocol.value.Signature;
import network.lilypad.protocol.value.Signed;

/// The only door through which a [Signed] word enters from outside: recovers who signed it in this ledger's domain.
///
/// That the signer is the *right* party is the receiver's rule; that it is somebody's signature at all is checked here.
public final class Signatures {
  private final Ecdsa ecdsa = Ecdsa.create();
  private final Domain domain;

  /// @param domain the ledger's domain
  public Signatures(Domain domain) {
    this.domain = domain;
  }

  /// The ledger's domain.
  public Domain domain() {
    return domain;
  }

  /// The verified word, empty if the signature is malformed.
  public <T extends Signable> Optional<Signed<T>> verify(T word, Signature signature) {
    return ecdsa.recover(Eip712.digest(domain, word), signature)
        .map(signer -> new Signed<>(word, signer, signature));
  }

  /// Who signed a digest, empty if the signature is malformed.
  public Optional<Address> recover(Bytes32 digest, Signature signature) {
    return ecdsa.recover(digest, signature);
  }

  /// The digest of a word in this ledger's domain.
  public Bytes32 digest(Signable word) {
    return Eip712.digest(domain, word);
  }

  /// The identity of the job that an offer makes.
  public JobId jobId(JobOffer offer) {
    return new JobId(digest(offer));
  }
}
