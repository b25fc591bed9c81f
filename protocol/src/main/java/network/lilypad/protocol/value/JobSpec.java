package network.lilypad.protocol.value;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// A module resolved and rendered with its inputs: exactly what a machine runs. Its encoded bytes are hashed into
/// [Work#module()], so every provider runs this and nothing else.
///
/// The last four say how a container is started; WebAssembly knows nothing of them and leaves them empty.
///
/// @param name the module as the creator named it, such as `cowsay:v0.0.4`, at most 256 characters
/// @param source where it came from and the commit it was resolved to, at most 1024 characters
/// @param engine what runs it
/// @param image sha2-256 of the WebAssembly module's bytes, or a container image's digest
/// @param imageName how to get the image: a container reference, or empty when the bytes travel by digest
/// @param arguments the command line without the program, at most 1024 entries; a container's `Cmd`
/// @param environment variables, at most 1024
/// @param outputs declared outputs: name to the guest's absolute path, at most 64
/// @param entrypoint the program of a container and its first arguments, at most 1024; empty: the image's own
/// @param workingDirectory where a container starts, an absolute path of at most 1024 characters; empty: the image's
///     own
/// @param hosts host names in lower case that [NetworkPolicy#HTTP] may reach, each exactly as it stands, at most 64;
///     empty: it reaches none
/// @param shmMib size of a container's `/dev/shm` in MiB, at most [#MAX_SHM_MIB]; 0: the engine's default
public record JobSpec(String name, String source, Engine engine, Bytes32 image, String imageName,
    List<String> arguments, SortedMap<String, String> environment, SortedMap<String, String> outputs,
    List<String> entrypoint, String workingDirectory, List<String> hosts, int shmMib) {
  /// The most arguments or variables.
  public static final int MAX_ENTRIES = 1024;
  /// The most declared outputs.
  public static final int MAX_OUTPUTS = 64;
  /// The most hosts: more is no list of hosts but the open network.
  public static final int MAX_HOSTS = 64;
  /// The most shared memory, 1 TiB: more than any machine lends.
  public static final int MAX_SHM_MIB = 1 << 20;

  private static final Pattern DIRECTORY = Pattern.compile("|/[^\\x00]{0,1023}");
  private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
  private static final Pattern HOST = Pattern.compile("(?=.{1,253}$)" + LABEL + "(?:\\." + LABEL + ")*");

  /// @throws IllegalArgumentException if a bound is passed
  public JobSpec {
    Bounds.check("name length", name.length(), 1, 256);
    Bounds.check("source length", source.length(), 0, 1024);
    Bounds.check("arguments", arguments.size(), 0, MAX_ENTRIES);
    Bounds.check("environment", environment.size(), 0, MAX_ENTRIES);
    Bounds.check("outputs", outputs.size(), 0, MAX_OUTPUTS);
    Bounds.check("entrypoint", entrypoint.size(), 0, MAX_ENTRIES);
    Bounds.check("hosts", hosts.size(), 0, MAX_HOSTS);
    Bounds.check("shmMib", shmMib, 0, MAX_SHM_MIB);
    require("workingDirectory", workingDirectory, DIRECTORY, "empty or an absolute path of at most 1024 characters");
    hosts.forEach(host -> require("hosts", host, HOST, "a host name in lower case"));
    arguments = List.copyOf(arguments);
    environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    outputs = Collections.unmodifiableSortedMap(new TreeMap<>(outputs));
    entrypoint = List.copyOf(entrypoint);
    hosts = List.copyOf(hosts);
  }

  /// A spec that leaves everything about its start to the engine, as every WebAssembly module does.
  ///
  /// @throws IllegalArgumentException if a bound is passed
  public JobSpec(String name, String source, Engine engine, Bytes32 image, String imageName, List<String> arguments,
      SortedMap<String, String> environment, SortedMap<String, String> outputs) {
    this(name, source, engine, image, imageName, arguments, environment, outputs, List.of(), "", List.of(), 0);
  }

  private static void require(String subject, String value, Pattern pattern, String expectation) {
    if (!pattern.matcher(value).matches()) {
      throw new InvalidValueException(subject, value, expectation);
    }
  }
}
