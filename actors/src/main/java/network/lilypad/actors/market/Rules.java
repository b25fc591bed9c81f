package network.lilypad.actors.market;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import network.lilypad.actors.market.Mismatch.Busy;
import network.lilypad.actors.market.Mismatch.CollateralTooHigh;
import network.lilypad.actors.market.Mismatch.JobExpired;
import network.lilypad.actors.market.Mismatch.ModuleRefused;
import network.lilypad.actors.market.Mismatch.NetworkTooWide;
import network.lilypad.actors.market.Mismatch.NoCommonPanel;
import network.lilypad.actors.market.Mismatch.NoEngine;
import network.lilypad.actors.market.Mismatch.NotOpen;
import network.lilypad.actors.market.Mismatch.OfferExpired;
import network.lilypad.actors.market.Mismatch.OtherGpuModel;
import network.lilypad.actors.market.Mismatch.OtherLedger;
import network.lilypad.actors.market.Mismatch.OtherMarket;
import network.lilypad.actors.market.Mismatch.OtherProvider;
import network.lilypad.actors.market.Mismatch.OtherSolver;
import network.lilypad.actors.market.Mismatch.ProviderExcluded;
import network.lilypad.actors.market.Mismatch.ReputationTooLow;
import network.lilypad.actors.market.Mismatch.ReviewTooLong;
import network.lilypad.actors.market.Mismatch.RunTooLong;
import network.lilypad.actors.market.Mismatch.TooCheap;
import network.lilypad.actors.market.Mismatch.TooExpensive;
import network.lilypad.actors.market.Mismatch.TooFewGpus;
import network.lilypad.actors.market.Mismatch.TooLateToDeliver;
import network.lilypad.actors.market.Mismatch.TooLittleCpu;
import network.lilypad.actors.market.Mismatch.TooLittleDisk;
import network.lilypad.actors.market.Mismatch.TooLittleRam;
import network.lilypad.actors.market.Mismatch.TooLittleVram;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Work;
import org.jspecify.annotations.Nullable;

/// The rules of one market: when a job and a machine match. Pure.
public final class Rules {
  private static final Rule[] ORDER = Rule.values();
  private final MarketTerms terms;
  private final Tariff tariff;

  /// @param terms what the market asks of everybody in it
  public Rules(MarketTerms terms) {
    this.terms = terms;
    this.tariff = new Tariff(terms.minimumCharge());
  }

  /// The first rule that falls, in the order of [Rule]; empty if the pair matches.
  ///
  /// @param now ledger seconds
  public Optional<Mismatch> check(JobEntry job, Supply machine, long now) {
    return Optional.ofNullable(first(job, machine, now));
  }

  /// Every rule that falls, in the order of [Rule].
  ///
  /// @param now ledger seconds
  public List<Mismatch> checkAll(JobEntry job, Supply machine, long now) {
    var all = new ArrayList<Mismatch>();
    for (Rule rule : ORDER) {
      var mismatch = test(rule, job, machine, now);
      if (mismatch != null) {
        all.add(mismatch);
      }
    }
    return all;
  }

  boolean match(JobEntry job, Supply machine, long now) {
    return first(job, machine, now) == null;
  }

  Tariff tariff() {
    return tariff;
  }

  int minimumReputation() {
    return terms.minimumReputation();
  }

  private @Nullable Mismatch first(JobEntry job, Supply machine, long now) {
    for (Rule rule : ORDER) {
      var mismatch = test(rule, job, machine, now);
      if (mismatch != null) {
        return mismatch;
      }
    }
    return null;
  }

  private @Nullable Mismatch test(Rule rule, JobEntry entry, Supply machine, long now) {
    return switch (rule) {
      case VALID_UNTIL, DELIVER_BY, OFFER_VALID -> time(rule, entry.offer(), machine.offer(), now);
      case LEDGER, SOLVER, MARKET -> venue(rule, entry, machine);
      case OPEN -> machine.open() ? null : new NotOpen();
      case TARGET, NOT_EXCLUDED, REPUTATION -> provider(rule, entry, machine);
      case GPUS, GPU_MODEL, VRAM, CPU, RAM, DISK ->
        size(rule, entry.offer().work().resources(), machine.offer().capacity());
      case FREE -> free(entry.offer().work().resources(), machine);
      case ENGINE, MODULE, NETWORK, MAX_RUN -> work(rule, entry.offer().work(), machine.attributes());
      case PANEL, COLLATERAL, REVIEW -> terms(rule, entry.offer(), machine.offer());
      case MIN_PRICE -> worthwhile(entry.offer(), machine);
      case PRICE -> price(entry.offer(), machine.offer());
    };
  }

  private static @Nullable Mismatch time(Rule rule, JobOffer job, ResourceOffer machine, long now) {
    long done = now + job.work().runSeconds();
    return switch (rule) {
      case VALID_UNTIL -> now <= job.validUntil() ? null : new JobExpired(job.validUntil(), now);
      case DELIVER_BY -> done <= job.deliverBy() ? null : new TooLateToDeliver(job.deliverBy(), done);
      default -> now < machine.validUntil() ? null : new OfferExpired(machine.validUntil(), now);
    };
  }

  private static @Nullable Mismatch venue(Rule rule, JobEntry entry, Supply machine) {
    var job = entry.offer();
    var offer = machine.offer();
    return switch (rule) {
      case LEDGER -> entry.ledger().equals(machine.ledger())
          ? null
          : new OtherLedger(entry.ledger(), machine.ledger());
      case SOLVER -> job.solver().equals(offer.solver()) ? null : new OtherSolver(job.solver(), offer.solver());
      default -> job.market().equals(offer.market()) ? null : new OtherMarket(job.market(), offer.market());
    };
  }

  private @Nullable Mismatch provider(Rule rule, JobEntry entry, Supply machine) {
    var target = entry.offer().target();
    var provider = machine.offer().provider();
    int reputation = machine.attributes().reputation();
    return switch (rule) {
      case TARGET -> target.isZero() || target.equals(provider) ? null : new OtherProvider(target, provider);
      case NOT_EXCLUDED -> entry.excluded().contains(provider) ? new ProviderExcluded(provider) : null;
      default -> reputation >= terms.minimumReputation()
          ? null
          : new ReputationTooLow(terms.minimumReputation(), reputation);
    };
  }

  private static @Nullable Mismatch size(Rule rule, Resources wanted, Resources found) {
    boolean any = wanted.gpuModel().isZero() || wanted.gpus() == 0;
    int vram = wanted.gpus() == 0 ? 0 : wanted.vramMibPerGpu();
    return switch (rule) {
      case GPUS -> found.gpus() >= wanted.gpus() ? null : new TooFewGpus(wanted.gpus(), found.gpus());
      case GPU_MODEL -> any || wanted.gpuModel().equals(found.gpuModel())
          ? null
          : new OtherGpuModel(wanted.gpuModel(), found.gpuModel());
      case VRAM -> found.vramMibPerGpu() >= vram ? null : new TooLittleVram(vram, found.vramMibPerGpu());
      case CPU -> found.milliCpu() >= wanted.milliCpu() ? null : new TooLittleCpu(wanted.milliCpu(), found.milliCpu());
      case RAM -> found.ramMib() >= wanted.ramMib() ? null : new TooLittleRam(wanted.ramMib(), found.ramMib());
      default -> found.diskMib() >= wanted.diskMib() ? null : new TooLittleDisk(wanted.diskMib(), found.diskMib());
    };
  }

  /// Falls only for a machine that is large enough.
  private static @Nullable Mismatch free(Resources wanted, Supply machine) {
    return machine.free().holds(wanted) || !machine.offer().capacity().holds(wanted)
        ? null
        : new Busy(wanted, machine.free());
  }

  private static @Nullable Mismatch work(Rule rule, Work work, Attributes machine) {
    var limits = machine.limits();
    return switch (rule) {
      case ENGINE -> machine.engines().contains(work.engine()) ? null : new NoEngine(work.engine(), machine.engines());
      case MODULE -> machine.takes(work.module()) ? null : new ModuleRefused(work.module());
      case NETWORK -> work.network().number() <= limits.network().number()
          ? null
          : new NetworkTooWide(work.network(), limits.network());
      default -> work.runSeconds() <= limits.maxRunSeconds()
          ? null
          : new RunTooLong(work.runSeconds(), limits.maxRunSeconds());
    };
  }

  private static @Nullable Mismatch terms(Rule rule, JobOffer job, ResourceOffer machine) {
    return switch (rule) {
      case PANEL -> job.panel().isZero() || machine.panels().contains(job.panel())
          ? null
          : new NoCommonPanel(job.panel(), machine.panels());
      case COLLATERAL -> machine.maxCollateral().covers(job.minCollateral())
          ? null
          : new CollateralTooHigh(job.minCollateral(), machine.maxCollateral());
      default -> machine.maxReviewSeconds() >= job.reviewSeconds()
          ? null
          : new ReviewTooLong(job.reviewSeconds(), machine.maxReviewSeconds());
    };
  }

  /// By the price that the lease would say.
  private @Nullable Mismatch worthwhile(JobOffer job, Supply machine) {
    var lowest = machine.attributes().limits().minPrice();
    return Lp.ZERO.covers(lowest) || tariff.quote(job, machine.offer()).covers(lowest)
        ? null
        : new TooCheap(tariff.quote(job, machine.offer()), lowest);
  }

  private @Nullable Mismatch price(JobOffer job, ResourceOffer machine) {
    return Tariff.ask(job, machine) <= tariff.highestAsk(job)
        ? null
        : new TooExpensive(job.maxPrice(), tariff.quote(job, machine));
  }
}
