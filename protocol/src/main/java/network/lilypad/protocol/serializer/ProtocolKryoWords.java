package network.lilypad.protocol.serializer;

import java.util.List;
import network.lilypad.protocol.message.AgentSession;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.value.DealPhase;

/// The words of the bridge and of the agent session. Numbers are for ever.
public final class ProtocolKryoWords implements KryoWords {
  @Override public int firstId() {
    return 1000;
  }

  @Override public List<Word> words() {
    return List.of(
        new Word(1001, Bridge.Reserve.class),
        new Word(1002, Bridge.Unreserve.class),
        new Word(1003, Bridge.Open.class),
        new Word(1004, Bridge.Annul.class),
        new Word(1005, Bridge.Submit.class),
        new Word(1006, Bridge.End.class),
        new Word(1007, Bridge.Faucet.class),
        new Word(1008, Bridge.GetBalance.class),
        new Word(1009, Bridge.GetDeal.class),
        new Word(1011, Bridge.Accepted.class),
        new Word(1012, Bridge.Silence.class),
        new Word(1013, Bridge.NoResult.class),
        new Word(1014, Bridge.Cancelled.class),
        new Word(1015, Bridge.Released.class),
        new Word(1016, Bridge.Lapsed.class),
        new Word(1021, Bridge.Receipt.class),
        new Word(1022, Bridge.Refused.class),
        new Word(1023, Bridge.Balance.class),
        new Word(1101, AgentSession.SignLease.class),
        new Word(1102, AgentSession.Run.class),
        new Word(1103, AgentSession.Kill.class),
        new Word(1104, AgentSession.Forget.class),
        new Word(1105, AgentSession.Reconcile.class),
        new Word(1106, AgentSession.Close.class),
        new Word(1107, AgentSession.Handle.class),
        new Word(1108, AgentSession.Introduce.class));
  }

  @Override public List<Numbered<?>> enums() {
    return List.of(new Numbered<>(DealPhase.class, DealPhase::number, DealPhase::of));
  }
}
