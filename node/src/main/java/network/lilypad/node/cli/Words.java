package network.lilypad.node.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import java.util.HexFormat;
import java.util.Locale;
import network.lilypad.protocol.proto.v1.DealView;
import network.lilypad.protocol.proto.v1.Job;
import network.lilypad.protocol.proto.v1.RunUsage;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.Lp;

/// How things are written for people and programs.
final class Words {
  /// Enough to tell one's own jobs apart.
  private static final int SHORT_BYTES = 4;

  private Words() {}

  static String hex(ByteString bytes) {
    return "0x" + HexFormat.of().formatHex(bytes.toByteArray());
  }

  /// The first eight digits of an id.
  static String shortHex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.substring(0, Math.min(bytes.size(), SHORT_BYTES)).toByteArray());
  }

  static String lp(long gwei) {
    return Lp.gwei(gwei).toString();
  }

  /// A phase's number as words.
  static String phase(int number) {
    return DealPhase.of(number).name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  static ObjectNode deal(String event, DealView deal) {
    return Screen.event(event).put("deal", hex(deal.getDeal())).put("provider", hex(deal.getProvider()))
        .put("machine", hex(deal.getMachine())).put("phase", deal.getPhaseName()).put("price_gwei", deal.getPrice())
        .put("cost_gwei", deal.getCost()).put("result", hex(deal.getResult())).put("paid_gwei", deal.getPaid())
        .put("refunded_gwei", deal.getRefunded());
  }

  static ObjectNode job(String event, Job job) {
    var object = basic(event, job);
    Timeline.of(job).into(object.putArray("timeline"));
    if (job.getDeal().hasSpeed()) {
      var speed = job.getDeal().getSpeed();
      object.putObject("machine_speed").put("measured_at", speed.getMeasuredAt())
          .put("sha256_mib_per_second", speed.getSha256MibPerSecond())
          .put("copied_mib_per_second", speed.getCopiedMibPerSecond())
          .put("written_mib_per_second", speed.getWrittenMibPerSecond()).put("sync_micros", speed.getSyncMicros());
    }
    var report = job.getDeal().getReport();
    if (report.hasUsage()) {
      var usage = report.getUsage();
      usage(object.putObject("usage"), usage);
    }
    if (report.getEndedAt() > 0) {
      object.put("exit_code", report.getExitCode()).put("outcome", RunWords.ending(report))
          .put("stderr_tail", report.getStderrTail());
    }
    if (!report.getPartial().isEmpty()) {
      object.put("partial", hex(report.getPartial()));
    }
    return object.put("failure", RunWords.failure(job)).put("next", RunWords.next(job));
  }

  /// What GPUs do not say is absent: 0 is idle.
  private static void usage(ObjectNode object, RunUsage usage) {
    object.put("cpu_millis", usage.getCpuMillis()).put("peak_memory_bytes", usage.getPeakMemoryBytes())
        .put("output_bytes", usage.getOutputBytes());
    if (usage.hasGpuMillis()) {
      object.put("gpu_millis", usage.getGpuMillis());
    }
    if (usage.hasPeakGpuMemoryBytes()) {
      object.put("peak_gpu_memory_bytes", usage.getPeakGpuMemoryBytes());
    }
  }

  private static ObjectNode basic(String event, Job job) {
    return Screen.event(event).put("job", hex(job.getJob())).put("module", job.getModule()).put("phase", job.getPhase())
        .put("attempt", job.getAttempt()).put("posted_at", job.getPostedAt()).put("ended_at", job.getEndedAt())
        .put("max_price_gwei", job.getOffer().getMaxPrice()).put("cost_gwei", job.getDeal().getCost())
        .put("paid_gwei", job.getDeal().getPaid());
  }
}
