package network.lilypad.protocol.value;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// A module resolved and rendered with its inputs: exactly what a machine runs. Its encoded bytes are hashed into
/// [Work#module()], so every provider runs this and nothing else.
///
/// @param name the module as the creator named it, such as `cowsay:v0.0.4`, at most 256 characters
/// @param source where it came from and the commit it was resolved to, at most 1024 characters
/// @param engine what runs it
/// @param image sha2-256 of the WebAssembly module's bytes, or a container image's digest
/// @param imageName how to get the image: a container reference, or empty when the bytes travel by digest
/// @param arguments the command line without the program, at most 1024 entries
/// @param environment variables, at most 1024
/// @param outputs declared outputs: name to the guest's absolute path, at most 64
public record JobSpec(String name, String source, Engine engine, Bytes32 image, String imageName,
    List<String> arguments, SortedMap<String, String> environment, SortedMap<String, String> outputs) {
  /// The most arguments or variables.
  public static final int MAX_ENTRIES = 1024;
  /// The most declared outputs.
  public static final int MAX_OUTPUTS = 64;

  /// @throws IllegalArgumentException if a bound is passed
  public JobSpec {
    Bounds.check("name length", name.length(), 1, 256);
    Bounds.check("source length", source.length(), 0, 1024);
    Bounds.check("arguments", arguments.size(), 0, MAX_ENTRIES);
    Bounds.check("environment", environment.size(), 0, MAX_ENTRIES);
    Bounds.check("outputs", outputs.size(), 0, MAX_OUTPUTS);
    arguments = List.copyOf(arguments);
    environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    outputs = Collections.unmodifiableSortedMap(new TreeMap<>(outputs));
  }
}
