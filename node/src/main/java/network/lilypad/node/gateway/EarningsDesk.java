package network.lilypad.node.gateway;

import com.google.protobuf.ByteString;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import network.lilypad.node.read.EarningList;
import network.lilypad.protocol.proto.v1.Earnings;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.InvalidValueException;
import network.lilypad.protocol.wire.JobSpecWire;

/// What a provider has earned, for itself only. Blocks.
final class EarningsDesk {
  static final int DAYS_MAX = 366;
  private static final int DAYS_DEFAULT = 30;
  private static final int MODULES_MAX = 100;
  private static final long DAY_SECONDS = 24 * 3600;

  private final GatewayPorts ports;

  EarningsDesk(GatewayPorts ports) {
    this.ports = ports;
  }

  Earnings of(Address provider, int asked) {
    int days = asked == 0 ? DAYS_DEFAULT : asked;
    if (days < 1 || days > DAYS_MAX) {
      throw new InvalidValueException("days", Integer.toUnsignedString(asked), "0 to " + DAYS_MAX);
    }
    long since = day(ports.ledgerTime().getAsLong()) - (days - 1) * DAY_SECONDS;
    var entries = ports.earnings().of(provider, since);
    var earnings = Earnings.newBuilder().setProvider(ApiWire.bytes(provider)).setSince(since).setTotal(sum(entries))
        .setTruncated(entries.size() == EarningList.ROWS_MAX);
    by(entries, entry -> day(entry.at())).entrySet().stream()
        .sorted(Map.Entry.<Long, List<EarningList.Entry>>comparingByKey()
            .reversed())
        .forEach(day -> earnings.addDaysBuilder().setDay(day.getKey()).setSum(sum(day.getValue())));
    modules(entries, earnings);
    return earnings.build();
  }

  private void modules(List<EarningList.Entry> entries, Earnings.Builder earnings) {
    var names = new HashMap<Bytes32, String>();
    var all = by(entries, entry -> names.computeIfAbsent(entry.module(), this::name)).entrySet().stream()
        .map(module -> Earnings.Module.newBuilder().setName(module.getKey()).setSum(sum(module.getValue())).build())
        .sorted(Comparator.comparingLong((Earnings.Module module) -> module.getSum().getPaid()).reversed()
            .thenComparing(Earnings.Module::getName))
        .toList();
    var best = all.stream().limit(MODULES_MAX).map(Earnings.Module::getName).collect(Collectors.toSet());
    all.stream().limit(MODULES_MAX).forEach(earnings::addModules);
    if (all.size() > MODULES_MAX) {
      earnings.addModulesBuilder().setSum(sum(entries.stream()
          .filter(entry -> !best.contains(names.getOrDefault(entry.module(), ""))).toList()));
    }
  }

  private static <K> Map<K, List<EarningList.Entry>> by(List<EarningList.Entry> entries,
      Function<EarningList.Entry, K> key) {
    return entries.stream().collect(Collectors.groupingBy(key));
  }

  private String name(Bytes32 module) {
    return ports.store().small(module, JobSpecWire.MAX_BYTES)
        .map(spec -> JobSpecWire.decode(ByteString.copyFrom(spec)).name()).orElse("");
  }

  private static Earnings.Sum sum(List<EarningList.Entry> entries) {
    var sum = Earnings.Sum.newBuilder();
    for (var entry : entries) {
      if (entry.slashed()) {
        sum.setSlashedDeals(sum.getSlashedDeals() + 1)
            .setSlashed(Math.addExact(sum.getSlashed(), entry.stake().gwei()));
      } else if (entry.paid().gwei() > 0) {
        sum.setPaidDeals(sum.getPaidDeals() + 1).setPaid(Math.addExact(sum.getPaid(), entry.paid().gwei()));
      } else {
        sum.setLostDeals(sum.getLostDeals() + 1);
      }
    }
    return sum.build();
  }

  private static long day(long seconds) {
    return seconds - Math.floorMod(seconds, DAY_SECONDS);
  }
}
