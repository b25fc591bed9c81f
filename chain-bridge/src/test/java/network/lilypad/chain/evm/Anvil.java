package network.lilypad.chain.evm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A local EVM node, a process of its own on a free port of the loopback. Ends with [#close], or with this JVM.
///
/// Mines when told to (`evm_mine`) or from `evm_setAutomine` on; fees are zero, and every address may send without a
/// key (`eth_sendTransaction`).
public final class Anvil implements AutoCloseable {
  /// The chain id of every node started here.
  public static final long CHAIN_ID = 31337;
  /// Ledger time of the first block.
  public static final long GENESIS_TIME = 1_800_000_000L;

  /// The newest rules that the public network runs; ours are compiled for older ones.
  private static final String HARDFORK = "osaka";
  /// Room for a block with thousands of transactions in it.
  private static final String BLOCK_GAS = "10000000000";
  private static final String LISTENING = "Listening on ";

  private final Process process;
  private final Thread end;
  private final String url;

  private Anvil(Process process, String url) {
    this.process = process;
    this.url = url;
    this.end = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(end);
  }

  /// A node under the newest rules.
  public static Anvil start() {
    return start(HARDFORK);
  }

  /// A node under the rules of a given hard fork.
  ///
  /// @param hardfork for example `cancun`
  /// @param more further arguments of the program
  public static Anvil start(String hardfork, String... more) {
    var command = new ArrayList<>(
        List.of(program(), "--port", "0", "--hardfork", hardfork, "--auto-impersonate", "--no-mining",
            "--order", "fifo", "--base-fee", "0", "--gas-price", "0", "--disable-min-priority-fee", "--gas-limit",
            BLOCK_GAS, "--chain-id", Long.toString(CHAIN_ID), "--timestamp", Long.toString(GENESIS_TIME)));
    command.addAll(List.of(more));
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return new Anvil(process, "http://" + listening(process));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Where the node answers JSON-RPC.
  public String url() {
    return url;
  }

  /// Ends the process, at once.
  @Override public void close() {
    process.destroyForcibly();
    Runtime.getRuntime().removeShutdownHook(end);
  }

  /// Reads the node's lines until it says where it listens; from then on only so that it never blocks on a full pipe.
  private static String listening(Process process) throws IOException {
    var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    var said = new StringBuilder();
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(LISTENING)) {
        Thread.startVirtualThread(() -> drain(lines));
        return line.substring(LISTENING.length());
      }
      said.append(line).append('\n');
    }
    throw new IOException("anvil did not start:\n" + said);
  }

  private static void drain(BufferedReader lines) {
    try (lines) {
      while (lines.readLine() != null) {
        Thread.onSpinWait();
      }
    } catch (IOException _) {
      // The process has ended, and its output with it.
    }
  }

  private static String program() {
    var modules = root().resolve("chain-bridge/src/test/npm/node_modules/@foundry-rs");
    assertThat(modules)
        .as("npm packages; to install them run deploy/verify.sh, or: cd chain-bridge/src/test/npm && npm ci")
        .isDirectory();
    try (var packages = Files.list(modules)) {
      return packages.map(folder -> folder.resolve("bin/anvil")).filter(Files::isExecutable).findFirst()
          .map(Path::toString).orElse("anvil");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path root() {
    return Path.of(Objects.requireNonNull(System.getProperty("lilypad.root"), "lilypad.root"));
  }
}
