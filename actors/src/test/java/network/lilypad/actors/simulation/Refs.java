package network.lilypad.actors.simulation;

import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.job.Job;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;

/// Where commands say they want their answers. Here answers go by the ids in the command; nobody reads these.
public final class Refs {
  /// For jobs' and machines' answers.
  public static final ActorRef<Deal.Command> DEAL = TestInbox.<Deal.Command>create().getRef();
  /// For a deal's answers to a gateway.
  public static final ActorRef<Deal.Reply> DEAL_REPLY = TestInbox.<Deal.Reply>create().getRef();
  /// For a deal's answers to the market.
  public static final ActorRef<Deal.Answer> ANSWER = TestInbox.<Deal.Answer>create().getRef();
  /// For a job's answers to a gateway.
  public static final ActorRef<Job.Reply> JOB_REPLY = TestInbox.<Job.Reply>create().getRef();

  private Refs() {}
}
