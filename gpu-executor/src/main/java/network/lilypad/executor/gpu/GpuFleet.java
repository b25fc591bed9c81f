package network.lilypad.executor.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import network.lilypad.executor.gpu.GpuReading.Load;
import network.lilypad.protocol.value.Bytes32;

/// The GPUs of a machine and how they have done so far. An immutable value; what probes say makes the next one.
///
/// A GPU is *fenced* when a probe no longer sees it, reports a fault, counts a new uncorrected memory error, or does
/// not answer; it is sold again after [#GOOD_LOOKS] good looks in a row. A GPU that appears later joins by [#adopt].
///
/// @param members in the order in which they were found
public record GpuFleet(List<Member> members) {
  /// None.
  public static final GpuFleet EMPTY = new GpuFleet(List.of());
  /// A GPU that flickers is worse than one that is gone: every flicker fails a job.
  public static final int GOOD_LOOKS = 30;

  /// One GPU.
  ///
  /// @param gpu which
  /// @param probe who sees it
  /// @param load as last seen
  /// @param uncorrectedErrors as last seen
  /// @param fault why it is fenced, empty if it is not
  /// @param goodLooks in a row since it was fenced
  public record Member(Gpu gpu, String probe, Load load, long uncorrectedErrors, String fault, int goodLooks) {
    /// Whether it is not to be used.
    public boolean fenced() {
      return !fault.isEmpty();
    }

    private Member seen(GpuReading reading) {
      if (!reading.fault().isEmpty()) {
        return fenced(reading.fault());
      }
      if (reading.uncorrectedErrors() > uncorrectedErrors) {
        return new Member(gpu, probe, reading.load(), reading.uncorrectedErrors(),
            "uncorrected memory errors: " + reading.uncorrectedErrors(), 0);
      }
      boolean back = goodLooks + 1 >= GOOD_LOOKS;
      return new Member(gpu, probe, reading.load(), reading.uncorrectedErrors(), back ? "" : fault,
          fenced() && !back ? goodLooks + 1 : 0);
    }

    private Member fenced(String why) {
      return new Member(gpu, probe, Load.UNKNOWN, uncorrectedErrors, fenced() ? fault : why, 0);
    }
  }

  /// Keeps a copy.
  public GpuFleet {
    members = List.copyOf(members);
  }

  /// What a probe saw when it was asked for the first time.
  public static GpuFleet of(String probe, List<GpuReading> readings) {
    var members = new TreeMap<Integer, Member>();
    var seen = new TreeMap<String, Integer>();
    for (var reading : readings) {
      int place = seen.computeIfAbsent(reading.gpu().uuid(), _ -> seen.size());
      members.put(place,
          new Member(reading.gpu(), probe, reading.load(), reading.uncorrectedErrors(), reading.fault(), 0));
    }
    return new GpuFleet(List.copyOf(members.values()));
  }

  /// Both, this one's first.
  public GpuFleet and(GpuFleet others) {
    return new GpuFleet(Stream.concat(members.stream(), others.members.stream()).toList());
  }

  /// The fleet after a probe has answered.
  public GpuFleet seen(String probe, List<GpuReading> readings) {
    var byUuid = readings.stream().collect(Collectors.toMap(r -> r.gpu().uuid(), r -> r, (first, _) -> first));
    return ofProbe(probe, member -> Optional.ofNullable(byUuid.get(member.gpu.uuid())).map(member::seen)
        .orElseGet(() -> member.fenced("it is lost")));
  }

  /// The fleet with what a probe sees for the first time. Slices that are gone from a board which is now cut up in
  /// another way are forgotten: they will not come back, and would keep the others from being sold under one model.
  ///
  /// @param max GPUs together
  public GpuFleet adopt(String probe, List<GpuReading> readings, int max) {
    var here = readings.stream().map(reading -> reading.gpu().uuid()).toList();
    var boards = readings.stream().map(reading -> reading.gpu().board()).toList();
    var next = new ArrayList<Member>();
    members.stream().filter(member -> !member.probe.equals(probe) || !member.fenced()
        || here.contains(member.gpu.uuid()) || !boards.contains(member.gpu.board())).forEach(next::add);
    for (var reading : readings) {
      if (next.size() < max && next.stream().noneMatch(member -> member.gpu.uuid().equals(reading.gpu().uuid()))) {
        next.add(new Member(reading.gpu(), probe, reading.load(), reading.uncorrectedErrors(), reading.fault(), 0));
      }
    }
    return new GpuFleet(next);
  }

  /// The fleet after a probe has failed or not answered.
  public GpuFleet silent(String probe, String why) {
    return ofProbe(probe, member -> member.fenced(why));
  }

  private GpuFleet ofProbe(String probe, UnaryOperator<Member> change) {
    var next = new ArrayList<Member>();
    members.forEach(member -> next.add(member.probe.equals(probe) ? change.apply(member) : member));
    return new GpuFleet(next);
  }

  /// Every GPU, fenced ones too.
  public List<Gpu> gpus() {
    return members.stream().map(Member::gpu).toList();
  }

  /// Why GPUs must not be used, by UUID.
  public Map<String, String> fenced() {
    return members.stream().filter(Member::fenced)
        .collect(Collectors.toUnmodifiableMap(member -> member.gpu.uuid(), Member::fault));
  }

  /// How busy a GPU was when it was last seen; nothing for one that is not here.
  public Load load(String uuid) {
    return members.stream().filter(member -> member.gpu.uuid().equals(uuid)).map(Member::load).findFirst()
        .orElse(Load.UNKNOWN);
  }

  /// The digest of the model that GPUs are sold under: zero unless they are all of one.
  public static Bytes32 model(List<Gpu> gpus) {
    var models = gpus.stream().map(Gpu::model).distinct().toList();
    return models.size() == 1 ? models.getFirst().digest() : Bytes32.ZERO;
  }

  /// The memory of the smallest in MiB, 0 of none.
  public static int vramMib(List<Gpu> gpus) {
    return gpus.stream().mapToInt(Gpu::vramMib).min().orElse(0);
  }

  /// The first so many GPUs only.
  public GpuFleet first(int count) {
    return new GpuFleet(members.stream().limit(count).toList());
  }
}
