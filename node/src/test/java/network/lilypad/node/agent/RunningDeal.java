package network.lilypad.node.agent;

import com.google.protobuf.ByteString;
import network.lilypad.node.up.ScriptedAgent;
import network.lilypad.node.up.TestNode;
import network.lilypad.protocol.proto.v1.AgentMessage;
import network.lilypad.protocol.proto.v1.Started;
import network.lilypad.protocol.proto.v1.SubmitJobRequest;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Work;
import network.lilypad.protocol.wire.SignedWire;
import network.lilypad.protocol.wire.ValuesWire;

/// A job that runs on a scripted machine.
record RunningDeal(TestNode node, ScriptedAgent agent, JobId job, DealId deal) implements AutoCloseable {
  static RunningDeal start(TestNode node, Wallet creator, Wallet provider, Bytes32 inputs) {
    var agent = new ScriptedAgent(node, provider);
    agent.introduce(node.machine(provider, "machine"), 1);
    ByteString spec = node.spec(node.put(creator, TestNode.PROGRAM));
    var offer = with(node.offer(creator.address(), spec), inputs);
    node.market(creator).submitJob(SubmitJobRequest.newBuilder().setSpec(spec)
        .setOffer(SignedWire.toProto(node.sign(creator, offer))).build());
    agent.signLease();
    var run = agent.takeRun();
    agent.say(AgentMessage.newBuilder()
        .setStarted(Started.newBuilder().setRun(ScriptedAgent.ref(run)).setAt(TestNode.now())));
    return new RunningDeal(node, agent, node.signatures().jobId(offer),
        ValuesWire.lease(run.getLease().getLease()).deal());
  }

  private static JobOffer with(JobOffer o, Bytes32 inputs) {
    var w = o.work();
    var work = new Work(w.engine(), w.module(), inputs, w.outputs(), w.resources(), w.runSeconds(), w.network(),
        w.comparator(), w.extra());
    return new JobOffer(o.creator(), o.acceptor(), o.solver(), o.market(), o.target(), o.panel(), work, o.maxPrice(),
        o.maxFee(), o.minCollateral(), o.verification(), o.maxAttempts(), o.reviewSeconds(), o.validUntil(),
        o.deliverBy(), o.nonce(), o.extra());
  }

  /// Hands the result in, whose blocks are stored.
  void submit(Bytes32 root) {
    agent.say(AgentMessage.newBuilder()
        .setResultReady(agent.signed(new Result(deal, root, Lp.gwei(1), TestNode.now(), TestNode.now()))));
    var answer = agent.resultAnswer();
    if (answer.hasRefused()) {
      throw new AssertionError(answer.getRefused().toString());
    }
  }

  @Override public void close() {
    agent.close();
  }
}
