package network.lilypad.executor.egress;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Linux network namespaces. A socket belongs for ever to the namespace of the thread that made it, so a thread that
/// lives for this alone enters one, makes a socket there and ends; nothing else of the process ever moves.
final class NetworkNamespace {
  private static final int CLONE_NEWNET = 0x40000000;
  private static final int O_RDONLY_CLOEXEC = 0x80000;
  private static final Path OURS = Path.of("/proc/self/ns/net");
  private static final Path OF_THIS_THREAD = Path.of("/proc/thread-self");
  private static final String LOOPBACK = "lo";

  private NetworkNamespace() {}

  /// Why this process may enter no namespace, empty if it may: it makes one for a moment, which takes the same
  /// privilege.
  static Optional<String> obstacle() {
    try {
      return apart(() -> {
        call("unshare", CLONE_NEWNET);
        return Optional.empty();
      });
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /// Listens in the namespace of a process, which must have nothing but loopback: a process number of another machine,
  /// or of another container, is noticed by that.
  ///
  /// @param pid as this process sees it
  static ServerSocketChannel listen(long pid, InetSocketAddress at) throws IOException {
    return apart(() -> {
      enter(Path.of("/proc", Long.toString(pid), "ns", "net"));
      check(pid);
      var socket = ServerSocketChannel.open(StandardProtocolFamily.INET);
      try {
        return socket.bind(at);
      } catch (IOException e) {
        socket.close();
        throw new IOException("bind to " + at + " in the namespace of process " + pid + ": " + e.getMessage(), e);
      }
    });
  }

  private static void check(long pid) throws IOException {
    boolean ours = Files.readSymbolicLink(OF_THIS_THREAD.resolve("ns/net")).equals(Files.readSymbolicLink(OURS));
    if (ours || leadsOut("net/route") || leadsOut("net/ipv6_route")) {
      throw new IOException("process " + pid + " is not in a network namespace of its own with nothing but loopback");
    }
  }

  /// Whether one of this thread's routes leads over another device than loopback, which the first or the last field
  /// names.
  private static boolean leadsOut(String routes) throws IOException {
    var file = OF_THIS_THREAD.resolve(routes);
    return Files.exists(file) && Files.readAllLines(file).stream().map(line -> line.strip().split("\\s+"))
        .anyMatch(fields -> !fields[0].equals("Iface") && !fields[0].equals(LOOPBACK)
            && !fields[fields.length - 1].equals(LOOPBACK));
  }

  private static void enter(Path namespace) throws IOException {
    try (var arena = Arena.ofConfined()) {
      int file = call("open", arena.allocateFrom(namespace.toString()), O_RDONLY_CLOEXEC);
      try {
        call("setns", file, CLONE_NEWNET);
      } finally {
        call("close", file);
      }
    }
  }

  /// On a system thread that ends with it.
  private static <T> T apart(Callable<T> action) throws IOException {
    var task = new FutureTask<>(action);
    Thread.ofPlatform().daemon().name("network-namespace").start(task);
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException told ? told : new IOException(e.getCause());
    }
  }

  /// A call of the C library that answers with an `int`, negative for a refusal.
  ///
  /// @param arguments `Integer`, or `MemorySegment` for a pointer
  @SuppressWarnings("restricted") // calling the system is what this class is for; the launcher enables it
  private static int call(String function, Object... arguments) throws IOException {
    var linker = Linker.nativeLinker();
    var symbol = linker.defaultLookup().find(function)
        .orElseThrow(() -> new IOException(function + ": this system has no network namespaces (expected: Linux)"));
    var layouts = Arrays.stream(arguments).map(NetworkNamespace::layout).toArray(MemoryLayout[]::new);
    var errno = Linker.Option.captureCallState("errno");
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(Linker.Option.captureStateLayout());
      var handle = linker.downcallHandle(symbol, FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts), errno)
          .asSpreader(Object[].class, arguments.length);
      int result = (int) handle.invoke(state, arguments);
      if (result < 0) {
        throw new IOException(function + ": " + reason(state.get(ValueLayout.JAVA_INT, 0)));
      }
      return result;
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a downcall throws nothing checked", e);
    }
  }

  private static MemoryLayout layout(Object argument) {
    return argument instanceof MemorySegment ? ValueLayout.ADDRESS : ValueLayout.JAVA_INT;
  }

  private static String reason(int errno) {
    return switch (errno) {
      case 1, 13 -> "not permitted (it takes root, or CAP_SYS_ADMIN)";
      case 2, 3 -> "no such process";
      default -> "error " + errno;
    };
  }
}
