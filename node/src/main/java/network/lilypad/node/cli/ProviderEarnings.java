package network.lilypad.node.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import network.lilypad.protocol.proto.v1.Earnings;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/// `lilypad provider earnings`: what this machine's wallet has earned.
@CommandLine.Command(name = "earnings", description = "What this provider has earned: by day, by module, in all.")
final class ProviderEarnings extends Command {
  private static final int DAYS_MAX = 366;

  @Option(names = "--days", paramLabel = "N", defaultValue = "30",
      description = "So many days of ledger time, today included, 1 to 366 (default: ${DEFAULT-VALUE}).")
  private int days;

  ProviderEarnings(Terminal terminal) {
    super(terminal);
  }

  @Override int run(Screen screen) throws IOException {
    if (days < 1 || days > DAYS_MAX) {
      throw FailureException.usage("--days " + days + " (expected: 1 to " + DAYS_MAX + ")",
          "lilypad provider earnings --help");
    }
    var file = WalletFile.provider(common().dataDir(terminal()));
    if (!file.exists()) {
      throw new FailureException(ExitCode.REFUSED, "no-provider", "no provider's wallet at " + file.file(),
          "name its data directory with --data-dir, or start one with lilypad provider");
    }
    try (var connection = Connection.open(common().gateway(terminal()), file.load())) {
      var earnings = connection.market().earnings(days);
      screen.answer(text(earnings), object(earnings));
      return ExitCode.OK;
    }
  }

  static String text(Earnings earnings) {
    var text = new StringBuilder(
        "provider  " + Words.hex(earnings.getProvider()) + "\nsince     " + date(earnings.getSince())
            + "\n\n%-28s %6s %16s %5s %7s %16s".formatted("", "PAID", "LP", "LOST", "SLASHED", "LP"));
    earnings.getDaysList().forEach(day -> text.append(row(date(day.getDay()), day.getSum())));
    earnings.getModulesList().forEach(module -> text.append(row(
        module.getName().isEmpty() ? "(other)" : RunWords.plain(module.getName()), module.getSum())));
    text.append(row("total", earnings.getTotal()));
    return earnings.getTruncated() ? text + "\nonly the newest 10,000 attempts are counted; ask for fewer days"
        : text.toString();
  }

  private static String row(String name, Earnings.Sum sum) {
    return "\n%-28s %6d %16s %5d %7d %16s".formatted(name, sum.getPaidDeals(), Words.lp(sum.getPaid()),
        sum.getLostDeals(),
        sum.getSlashedDeals(), Words.lp(sum.getSlashed()));
  }

  private static String date(long seconds) {
    return LocalDate.ofInstant(Instant.ofEpochSecond(seconds), ZoneOffset.UTC).toString();
  }

  private static ObjectNode object(Earnings earnings) {
    var object = Screen.event("earnings").put("provider", Words.hex(earnings.getProvider()))
        .put("since", earnings.getSince())
        .put("truncated", earnings.getTruncated());
    sum(object.putObject("total"), earnings.getTotal());
    var days = object.putArray("days");
    earnings.getDaysList().forEach(day -> sum(days.addObject().put("day", date(day.getDay())), day.getSum()));
    var modules = object.putArray("modules");
    earnings.getModulesList()
        .forEach(module -> sum(modules.addObject().put("module", module.getName()), module.getSum()));
    return object;
  }

  private static void sum(ObjectNode object, Earnings.Sum sum) {
    object.put("paid_deals", sum.getPaidDeals()).put("paid_gwei", sum.getPaid()).put("lost_deals", sum.getLostDeals())
        .put("slashed_deals", sum.getSlashedDeals()).put("slashed_gwei", sum.getSlashed());
  }
}
