package network.lilypad.protocol.serializer;

import java.util.List;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.Samples;
import network.lilypad.protocol.message.AgentSession;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.Lp;

class ProtocolKryoWordsTest extends KryoWordsContract {
  @Override protected KryoWords words() {
    return new ProtocolKryoWords();
  }

  @Override protected List<KryoWords> modules() {
    return List.of(words());
  }

  @Override protected List<Class<?>> interfaces() {
    return List.of(Bridge.class, AgentSession.class);
  }

  @Override protected List<Class<?>> local() {
    return List.of();
  }

  @Override protected String goldenFolder() {
    return "protocol/src/test/resources/golden/kryo";
  }

  @Override protected List<? extends Record> samples() {
    return List.of(
        new Bridge.Reserve(Samples.signedJobOffer(), Samples.JOB, asker()),
        new Bridge.Unreserve(Samples.JOB, asker()),
        new Bridge.Open(Samples.signedJobOffer(), Samples.signedLease(), asker()),
        new Bridge.Annul(Samples.JOB, 2, asker()),
        new Bridge.Submit(Samples.DEAL, Samples.signedResult(), asker()),
        new Bridge.End(Samples.DEAL, new Bridge.NoResult(), asker()),
        new Bridge.End(Samples.DEAL, new Bridge.Lapsed(1_800_000_500L), asker()),
        new Bridge.Faucet(Samples.CREATOR.address(), Lp.of(1000), 5, asker()),
        new Bridge.GetBalance(Samples.CREATOR.address(), asker()),
        new Bridge.GetDeal(Samples.DEAL, asker()),
        new Bridge.Accepted(Samples.signedResult(), Samples.signedAcceptance()),
        new Bridge.Silence(Samples.signedResult()),
        new Bridge.NoResult(),
        new Bridge.Cancelled(Samples.signedCancel()),
        new Bridge.Released(Samples.signedRelease()),
        new Bridge.Lapsed(1_800_000_500L),
        new Bridge.Receipt(Samples.DEAL.toString(), DealPhase.RESULTS_ACCEPTED, 1_800_000_650L, "0x12", Lp.of(10),
            Lp.of(2)),
        new Bridge.Refused(Samples.JOB.toString(), new Rejection.InsufficientFunds("0xab", 12, 3)),
        new Bridge.Balance(Samples.CREATOR.address(), Lp.of(1), Lp.gwei(2), Lp.ZERO),
        new AgentSession.SignLease(Samples.signedJobOffer(), Samples.LEASE),
        new AgentSession.Run(Samples.DEAL, Samples.signedJobOffer(), Samples.signedLease()),
        new AgentSession.Kill(Samples.DEAL, 17),
        new AgentSession.Forget(Samples.DEAL),
        new AgentSession.Reconcile(4, List.of(Samples.DEAL, Samples.JOB.deal(3)), List.of()),
        new AgentSession.Close("superseded: überholt"),
        new AgentSession.Handle(4, asker()),
        new AgentSession.Introduce());
  }
}
