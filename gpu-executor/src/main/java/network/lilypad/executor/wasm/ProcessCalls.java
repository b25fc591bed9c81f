package network.lilypad.executor.wasm;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.stream.IntStream;

/// The system calls of a process: arguments, environment, time, chance and the end.
///
/// All of it is the same in every run. Time starts at [#EPOCH_NANOS], goes on by [#TICK_NANOS] whenever it is asked
/// for, so that who waits for it gets there, and jumps ahead when the guest sleeps. Chance is Java's specified linear
/// generator from a constant: good for hash seeds, worthless as a secret.
final class ProcessCalls {
  /// 2000-01-01T00:00:00Z.
  static final long EPOCH_NANOS = 946_684_800_000_000_000L;
  /// What passes when a guest looks at the clock: a microsecond.
  static final long TICK_NANOS = 1_000;
  /// Most subscriptions of one poll: a guest has no more descriptors than that to wait for.
  static final int SUBSCRIPTIONS_MAX = 2 * Descriptors.OPEN_MAX;

  private static final long SEED = 0x6c696c79706164L;
  private static final int CLOCK_REALTIME = 0;
  private static final int CLOCK_CPU_THREAD = 3;
  private static final int SUBSCRIPTION_BYTES = 48;
  private static final int EVENT_BYTES = 32;
  private static final int EVENT_CLOCK = 0;
  private static final int EVENT_READ = 1;
  private static final int EVENT_WRITE = 2;

  private final List<byte[]> arguments;
  private final List<byte[]> environment;
  private final Random random = new Random(SEED);
  private long elapsedNanos;

  /// @param arguments the program's name first
  ProcessCalls(List<String> arguments, SortedMap<String, String> environment) {
    this.arguments = arguments.stream().map(ProcessCalls::terminated).toList();
    this.environment = environment.entrySet().stream()
        .map(variable -> terminated(variable.getKey() + "=" + variable.getValue())).toList();
  }

  private static byte[] terminated(String text) {
    return (text + "\0").getBytes(StandardCharsets.UTF_8);
  }

  void addTo(SystemCalls calls) {
    calls.add("args_sizes_get", "ii", frame -> sizes(frame, arguments))
        .add("args_get", "ii", frame -> strings(frame, arguments))
        .add("environ_sizes_get", "ii", frame -> sizes(frame, environment))
        .add("environ_get", "ii", frame -> strings(frame, environment)).add("clock_res_get", "ii", this::resolution)
        .add("clock_time_get", "ili", this::time).add("random_get", "ii", this::random)
        .add("poll_oneoff", "iiii", this::poll).add("sched_yield", "", _ -> {
        }).addEnding("proc_exit", "i", frame -> {
          throw new Ending.Exit(frame.word(0) & 0xff);
        }).add("proc_raise", "i", _ -> {
          throw Errno.NOSYS.refusal();
        });
  }

  private static void sizes(Frame frame, List<byte[]> strings) {
    frame.writeInt(frame.word(0), strings.size());
    frame.writeInt(frame.word(1), strings.stream().mapToInt(string -> string.length).sum());
  }

  private static void strings(Frame frame, List<byte[]> strings) {
    int pointer = frame.word(0);
    int text = frame.word(1);
    for (byte[] string : strings) {
      frame.writeInt(pointer, text);
      frame.write(text, string, string.length);
      pointer += 4;
      text += string.length;
    }
  }

  private void resolution(Frame frame) {
    requireClock(frame.word(0));
    frame.writeLong(frame.word(1), TICK_NANOS);
  }

  private void time(Frame frame) {
    requireClock(frame.word(0));
    elapsedNanos += TICK_NANOS;
    frame.writeLong(frame.word(2), now(frame.word(0)));
  }

  private long now(int clock) {
    return clock == CLOCK_REALTIME ? EPOCH_NANOS + elapsedNanos : elapsedNanos;
  }

  private static void requireClock(int clock) {
    if (clock < CLOCK_REALTIME || clock > CLOCK_CPU_THREAD) {
      throw Errno.INVAL.refusal();
    }
  }

  private void random(Frame frame) {
    int length = frame.word(1);
    if (length < 0) {
      throw Errno.INVAL.refusal();
    }
    for (int done = 0; done < length;) {
      var bytes = new byte[Math.min(Frame.COPY_BYTES, length - done)];
      random.nextBytes(bytes);
      frame.write(frame.word(0) + done, bytes, bytes.length);
      done += bytes.length;
    }
  }

  /// Descriptors are always ready. If none is waited for, the earliest clock is where time jumps to.
  private void poll(Frame frame) {
    int count = frame.word(2);
    if (count < 1 || count > SUBSCRIPTIONS_MAX) {
      throw Errno.INVAL.refusal();
    }
    var subscriptions = IntStream.range(0, count).mapToObj(i -> subscription(frame, i)).toList();
    boolean ready = subscriptions.stream().anyMatch(subscription -> subscription.type() != EVENT_CLOCK);
    long earliest = subscriptions.stream().mapToLong(Subscription::wakeNanos).min().orElseThrow();
    elapsedNanos = ready ? elapsedNanos : Math.max(elapsedNanos, earliest);
    int events = 0;
    for (var subscription : subscriptions) {
      if (subscription.wakeNanos() <= elapsedNanos) {
        writeEvent(frame, frame.word(1) + events * EVENT_BYTES, subscription);
        events++;
      }
    }
    frame.writeInt(frame.word(3), events);
  }

  /// What a poll waits for.
  ///
  /// @param wakeNanos when it fires, in elapsed time
  private record Subscription(long userData, int type, long wakeNanos) {}

  private Subscription subscription(Frame frame, int index) {
    int at = frame.word(0) + index * SUBSCRIPTION_BYTES;
    int type = frame.readByte(at + 8);
    if (type != EVENT_CLOCK && type != EVENT_READ && type != EVENT_WRITE) {
      throw Errno.INVAL.refusal();
    }
    return new Subscription(frame.readLong(at), type, type == EVENT_CLOCK ? wakeNanos(frame, at) : elapsedNanos);
  }

  private long wakeNanos(Frame frame, int at) {
    int clock = frame.readInt(at + 16);
    requireClock(clock);
    long timeout = frame.readLong(at + 24);
    boolean absolute = (frame.readShort(at + 40) & 1) != 0;
    long wake = absolute ? timeout - now(clock) + elapsedNanos : elapsedNanos + timeout;
    return !absolute && (timeout < 0 || wake < 0) ? Long.MAX_VALUE : wake;
  }

  private static void writeEvent(Frame frame, int at, Subscription subscription) {
    frame.clear(at, EVENT_BYTES);
    frame.writeLong(at, subscription.userData());
    frame.writeByte(at + 10, subscription.type());
  }
}
