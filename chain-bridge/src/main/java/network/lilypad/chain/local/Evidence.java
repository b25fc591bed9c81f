package network.lilypad.chain.local;

import java.util.Optional;

import network.lilypad.chain.Intent;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.sign.Signatures;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Signed;

/// Checks once more, at the ledger's own border, that every signature under an intent is its signer's in this ledger's
/// domain, as a contract would: no bug or stolen process before it can debit an account that has not signed.
final class Evidence {
  private final Signatures signatures;

  Evidence(Signatures signatures) {
    this.signatures = signatures;
  }

  /// That signatures and ids are what they claim to be.
  Check check(Intent intent) {
    return switch (intent) {
      case Intent.Reserve(var offer, var job) -> Check.all(signature("job offer", offer), job(offer, job));
      case Intent.Open(var offer, var lease, _) ->
        Check.all(signature("job offer", offer), signature("lease", lease), job(offer, lease.word().job()));
      case Intent.OpenAndSettle(var open, var proof) -> Check.all(check(open), check(proof));
      case Intent.Revoke(var offer, var cancel) ->
        Check.all(signature("job offer", offer), signature("cancel", cancel));
      case Intent.Check(_, var dispute, _) -> signature("dispute", dispute);
      case Intent.Submit(_, var result) -> signature("result", result);
      case Intent.End(_, var proof) -> check(proof);
      case Intent.Unreserve _,Intent.Annul _,Intent.Faucet _,Intent.SetAgent _ -> Check.PASSED;
      case Intent.RequestWithdrawal _,Intent.CancelWithdrawal _,Intent.Withdraw _ -> Check.PASSED;
    };
  }

  private Check check(Intent.Proof proof) {
    return switch (proof) {
      case Intent.Accepted(var result, var acceptance) ->
        Check.all(signature("result", result), signature("acceptance", acceptance));
      case Intent.Silence(var result) -> signature("result", result);
      case Intent.NoResult _,Intent.PanelSilent _ -> Check.PASSED;
      case Intent.Decided(_, var verdicts) ->
        Check.all(verdicts.stream().map(verdict -> signature("verdict", verdict)).toArray(Check[]::new));
      case Intent.Cancelled(var cancel) -> signature("cancel", cancel);
      case Intent.Released(var release) -> signature("release", release);
      case Intent.Lapsed(var lapse) -> signature("lapse", lapse);
    };
  }

  private Check signature(String what, Signed<?> signed) {
    var signer = signatures.recover(signatures.digest(signed.word()), signed.signature());
    return Check.that(signer.equals(Optional.of(signed.signer())),
        () -> new Rejection.BadSignature(what, signed.signer().toString()));
  }

  private Check job(Signed<JobOffer> offer, JobId claimed) {
    var job = signatures.jobId(offer.word());
    return Check.that(job.equals(claimed),
        () -> new Rejection.Mismatch("job", claimed + " is not the offer's id " + job));
  }
}
