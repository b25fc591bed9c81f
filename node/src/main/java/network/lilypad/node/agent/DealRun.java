package network.lilypad.node.agent;

import io.grpc.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import network.lilypad.executor.Execution;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.Sink;
import network.lilypad.executor.Task;
import network.lilypad.node.client.Durable;
import network.lilypad.node.client.GatewayRefusedException;
import network.lilypad.node.client.GatewayUnavailableException;
import network.lilypad.node.client.Trees;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.content.ContentException;
import network.lilypad.protocol.content.ResultTree;
import network.lilypad.protocol.proto.v1.DealRef;
import network.lilypad.protocol.proto.v1.RunReport;
import network.lilypad.protocol.proto.v1.Signed;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Release;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.wire.SignedWire;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One deal's work from the order to the signed word: fetch, run, store, sign. Goes on without a gateway as long as a
/// result can still be submitted. Runs on a virtual thread of its own.
final class DealRun {
  private static final Logger LOG = LoggerFactory.getLogger(DealRun.class);
  /// Before submitBy, when a result that cannot be stored is given up: as long as the word of it needs to count.
  private static final int RELEASE_SECONDS = 20;
  /// A transfer that begins when time is nearly over gets this much, which leaves more for the word of a release.
  private static final int LAST_TRY_SECONDS = 5;

  /// What is the same for every run of an agent.
  record Desk(AgentContent content, JobEngine engine, Spool spool, Uplink uplink, LogPump logs, AgentVoice voice) {
    /// What an engine is to do for a deal: no more is written than its gateway takes.
    Task task(SpooledDeal deal) {
      var sold = Task.Grant.of(deal.offer().work());
      var room = new OutputRoom(voice.market().contentBytesMax()).limits(sold.resources().diskMib());
      return new Task(deal.deal(), deal.spec(),
          new Task.Grant(sold.resources(), sold.time(), room, sold.gpus(), sold.network()),
          spool.runDirectory(deal.deal()));
    }

    /// Says how a deal ended for the agent, and before that what became of its run.
    void sayEnding(SpooledDeal deal) {
      deal.ending().ifPresent(ending -> {
        deal.report().ifPresent(report -> uplink.send(Messages.report(deal, report)));
        uplink.send(Messages.ending(ending));
      });
    }
  }

  private final SpooledDeal deal;
  private final Desk desk;
  private final long contentBytesMax;
  private final AtomicLong startedAt = new AtomicLong();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final RunDiary diary;

  DealRun(SpooledDeal deal, Desk desk, long contentBytesMax) {
    this.deal = deal;
    this.desk = desk;
    this.contentBytesMax = contentBytesMax;
    this.diary = new RunDiary(deal, desk.voice.clock()::now, desk.logs::offer, desk.uplink::send,
        desk.spool.runDirectory(deal.deal()).home().resolve("diary"));
  }

  /// Does the work; the signed result or release is in the spool afterwards, unless the run was killed or the time is
  /// over.
  void work(Backoff backoff) throws InterruptedException {
    try {
      fetch(backoff);
      var ended = run();
      if (ended.isPresent()) {
        diary.ended(ended.get());
        var root = store(new ResultTree(ended.get().result()), backoff);
        conclude(sign(ended.get(), root), diary.stored(), backoff);
        desk.spool.dropRun(deal.deal());
      }
    } catch (GatewayRefusedException | ExecutorUnavailableException | ContentException | IllegalArgumentException
        | UncheckedIOException e) {
      giveBack(String.valueOf(e.getMessage()), backoff);
    } catch (IOException e) {
      giveBack(e.toString(), backoff);
    } catch (GatewayUnavailableException e) {
      giveBack("out of time before its content could be moved: " + e.getMessage(), backoff);
    } catch (RuntimeException e) {
      LOG.error("deal {} is lost to a defect of this agent", deal.deal(), e);
      giveBack("a defect of the agent: " + e, backoff);
    }
  }

  /// What runs it.
  Engine engine() {
    return deal.spec().engine();
  }

  /// Says again how far the run is: for a session that may have missed it.
  void announce() {
    long at = startedAt.get();
    if (at > 0) {
      desk.uplink.send(Messages.started(deal, at));
    }
    diary.again();
  }

  /// Fetches what the run needs, once: a container that outlived an earlier process still uses it.
  private void fetch(Backoff backoff) throws IOException, InterruptedException {
    var directory = desk.spool.runDirectory(deal.deal());
    var complete = directory.home().resolve("fetched");
    if (Files.exists(complete)) {
      return;
    }
    Files.createDirectories(directory.home());
    diary.pulling();
    if (deal.spec().engine() != Engine.WASM && deal.offer().work().inputs().isZero()) {
      return;
    }
    long lastChance = deal.lease().submitBy() - deal.offer().work().runSeconds();
    repeating(backoff, lastChance, until -> {
      if (deal.spec().engine() == Engine.WASM) {
        desk.content.program(deal.deal(), deal.spec().image(), directory.program(), contentBytesMax,
            until);
      }
      var inputs = deal.offer().work().inputs();
      if (!inputs.isZero()) {
        Trees.delete(directory.inputs());
        desk.content.inputs(deal.deal(), inputs, directory.inputs(), contentBytesMax, until);
      }
      return directory;
    });
    Durable.write(complete, new byte[0]);
  }

  private Optional<Execution.Ended> run() throws InterruptedException {
    try {
      return desk.engine.run(desk.task(deal), deal.lease(), new Telling(Messages.ref(deal)));
    } catch (InterruptedException e) {
      // what becomes of it now is for the agent's next process, which takes it up where it is
      stopped.set(true);
      throw e;
    }
  }

  /// Tells of a run, until this process leaves it.
  private final class Telling implements Sink {
    private final DealRef ref;

    Telling(DealRef ref) {
      this.ref = ref;
    }

    @Override public void log(Chunk chunk) {
      desk.logs.offer(Messages.log(ref, chunk));
    }

    @Override public void retrying(int failedAttempts, String reason) {
      if (!stopped.get()) {
        diary.retrying(failedAttempts, reason);
      }
    }

    @Override public void progress(Progress progress) {
      if (stopped.get()) {
        return;
      }
      diary.moved(progress);
      if (progress.phase() == Phase.RUNNING && startedAt.compareAndSet(0, diary.runningAt())) {
        desk.logs.offer(Messages.started(deal, startedAt.get()));
      }
    }
  }

  private Cid store(ResultTree tree, Backoff backoff) throws IOException, InterruptedException {
    var blocks = AgentContent.blocks(tree, contentBytesMax);
    return repeating(backoff, givenUpAt(deal.lease()), until -> {
      desk.content.putResult(deal.deal(), blocks, until);
      return blocks.root();
    });
  }

  private Signed sign(Execution.Ended ended, Cid root) {
    long started = ended.usage().startedAt().getEpochSecond();
    long over = Math.max(started, ended.usage().endedAt().getEpochSecond());
    var cost = metered(deal.lease().price(), over - started, deal.offer().work().runSeconds());
    return SignedWire.toProto(desk.voice.sign(new Result(deal.deal(), root.digest(), cost, started, over)));
  }

  /// The lease's price in proportion to the time run, rounded up, at most all of it; less than a second counts as one.
  static Lp metered(Lp price, long ranSeconds, int paidSeconds) {
    long seconds = Math.min(Math.max(1, ranSeconds), paidSeconds);
    return Lp.gwei(BigInteger.valueOf(price.gwei()).multiply(BigInteger.valueOf(seconds))
        .add(BigInteger.valueOf(paidSeconds - 1L)).divide(BigInteger.valueOf(paidSeconds)).longValueExact());
  }

  private void giveBack(String reason, Backoff backoff) throws InterruptedException {
    unlessStopped();
    LOG.warn("deal {} is given back: {}", deal.deal(), reason);
    conclude(SignedWire.toProto(desk.voice.sign(new Release(deal.deal()))), diary.failed(reason), backoff);
  }

  /// A word that is not on the disk is not said: a disk that takes none is asked again while the word is worth
  /// anything. What the run has written makes room for it: nobody needs that any more.
  private void conclude(Signed ending, RunReport report, Backoff backoff) throws InterruptedException {
    while (true) {
      try {
        desk.sayEnding(desk.spool.ended(deal, ending, report));
        return;
      } catch (UncheckedIOException e) {
        unlessStopped();
        LOG.warn("deal {}: its end cannot be written down: {}", deal.deal(), e.toString());
        desk.spool.dropRun(deal.deal());
        if (pause(backoff, deal.lease().submitBy()).isPresent()) {
          return;
        }
      }
    }
  }

  /// Who is stopped in the middle of a file hears of a failing disk: the deal and what the run has written are for the
  /// agent's next process.
  private static void unlessStopped() throws InterruptedException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedException("stopped");
    }
  }

  /// Something that needs the gateway.
  private interface Step<T> {
    /// @param until after that it is of no use
    T take(Deadline until) throws IOException;
  }

  /// Repeats a step while the gateway is away, until the ledger says it is too late. One that moves may end later than
  /// the next could begin: few runs take all of their time.
  private <T> T repeating(Backoff backoff, long lastChance, Step<T> step) throws IOException, InterruptedException {
    while (true) {
      try {
        var done = step.take(AgentContent.within(transferSeconds(desk.voice().clock().now(), deal.lease())));
        backoff.reset();
        return done;
      } catch (GatewayUnavailableException e) {
        LOG.info("deal {} waits for the gateway: {}", deal.deal(), e.getMessage());
        pause(backoff, lastChance).ifPresent(late -> {
          throw new GatewayUnavailableException(late, e);
        });
      } catch (GatewayRefusedException e) {
        var retry = e.why().retryAfter();
        if (retry.isEmpty() || pause(backoff, lastChance).isPresent()) {
          throw e;
        }
      }
    }
  }

  /// How long one try may take, also of a gateway that neither answers nor goes away.
  static long transferSeconds(long now, Lease lease) {
    return Math.max(givenUpAt(lease) - now, LAST_TRY_SECONDS);
  }

  /// When content that has not moved is given up: the word of that needs some time to count.
  private static long givenUpAt(Lease lease) {
    return lease.submitBy() - RELEASE_SECONDS;
  }

  private Optional<String> pause(Backoff backoff, long lastChance) throws InterruptedException {
    if (desk.voice.clock().now() > lastChance) {
      return Optional.of("there is no time left before the lease's submitBy");
    }
    Duration wait = backoff.next();
    Thread.sleep(wait);
    return Optional.empty();
  }
}
