package network.lilypad.executor.docker;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.dockerjava.api.command.InspectImageResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.Sink;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.JobSpec;

/// The images of an engine, found by what a job pins: an image's id or the digest of its manifest, never its tag.
/// Blocks. Thread-safe.
final class Images {
  /// A machine has some dozens.
  private static final int KNOWN_MAX = 1000;

  private final EngineClient engine;
  private final Logins logins;
  private final ImageShelf shelf;
  private final Cache<Bytes32, Image> known = Caffeine.newBuilder().maximumSize(KNOWN_MAX).build();

  /// @param shelf where images that are pulled for jobs are kept
  Images(EngineClient engine, Logins logins, ImageShelf shelf) {
    this.shelf = shelf;
    this.engine = engine;
    this.logins = logins;
  }

  /// An image on this machine.
  ///
  /// @param reference names exactly this image to the engine
  /// @param volumes the paths where it wants disk of its own
  record Image(String reference, List<String> volumes) {}

  /// The job's image, which is pulled if it is not here. Empty if the brake was pulled first.
  ///
  /// @throws ExecutorUnavailableException if it is not to be had
  Optional<Image> ready(JobSpec spec, Sink sink, Brake brake) {
    var image = here(spec);
    if (image.isEmpty()) {
      var pulled = pull(spec, sink, brake);
      if (brake.reason().isPresent()) {
        return Optional.empty();
      }
      image = here(spec);
      if (image.isEmpty()) {
        throw missing(spec, pulled);
      }
      shelf.pulled(reference(spec));
    } else {
      shelf.uses(reference(spec));
    }
    return image;
  }

  /// The job's image, if it is on this machine.
  Optional<Image> here(JobSpec spec) {
    var image = Optional.ofNullable(known.getIfPresent(spec.image())).or(() -> find(spec));
    image.ifPresent(found -> known.put(spec.image(), found));
    return image;
  }

  /// Pulls an image by its reference, unless it is here. It stays, even if a job has pulled it before.
  ///
  /// @return the reference
  /// @throws ExecutorUnavailableException if it is not to be had
  String prefetch(String reference) {
    if (engine.image(reference).isEmpty()) {
      var pull = new Pull(reference, Sink.NONE);
      engine.pull(tagged(reference), logins.login(repository(reference)), pull);
      pull.await(new Brake());
    }
    engine.image(reference).ifPresent(found -> shelf.stays(digests(found)));
    return reference;
  }

  /// Without tag and digest an engine would pull every tag there is.
  private static String tagged(String reference) {
    return reference.equals(repository(reference)) ? reference + ":latest" : reference;
  }

  /// Forgets what is known of an image: the engine does not have it any more.
  void forget(JobSpec spec) {
    known.invalidate(spec.image());
  }

  private Optional<Image> find(JobSpec spec) {
    var digest = digest(spec);
    var candidates = spec.imageName().isEmpty()
        ? Stream.of(digest)
        : Stream.of(digest, reference(spec));
    return candidates.flatMap(reference -> engine.image(reference).stream().filter(found -> is(found, digest))
        .map(found -> new Image(reference, volumes(found)))).findFirst();
  }

  private static boolean is(InspectImageResponse found, String digest) {
    return digest.equals(found.getId()) || Optional.ofNullable(found.getRepoDigests()).orElse(List.of()).stream()
        .anyMatch(name -> name.endsWith("@" + digest));
  }

  private static Set<String> digests(InspectImageResponse found) {
    return Optional.ofNullable(found.getRepoDigests()).orElse(List.of()).stream()
        .map(name -> name.substring(name.indexOf('@') + 1)).collect(Collectors.toSet());
  }

  private static List<String> volumes(InspectImageResponse found) {
    return Optional.ofNullable(found.getConfig()).map(config -> config.getVolumes()).map(Map::keySet)
        .map(paths -> paths.stream().sorted().toList()).orElse(List.of());
  }

  private String pull(JobSpec spec, Sink sink, Brake brake) {
    if (spec.imageName().isEmpty()) {
      throw missing(spec, "the job does not say where it is from");
    }
    if (shelf.shortage().isPresent()) {
      shelf.tidy();
    }
    var pull = new Pull(reference(spec), sink, Pull.SILENCE_MAX, shelf);
    brake.acts(pull::abort);
    engine.pull(reference(spec), logins.login(repository(spec.imageName())), pull);
    return pull.await(brake);
  }

  private static String reference(JobSpec spec) {
    return repository(spec.imageName()) + "@" + digest(spec);
  }

  private static ExecutorUnavailableException missing(JobSpec spec, String why) {
    return ExecutorUnavailableException.forGood(
        "image missing or different: " + spec.imageName() + " " + digest(spec) + ": " + why);
  }

  private static String digest(JobSpec spec) {
    return "sha256:" + spec.image().toString().substring(2);
  }

  /// The name without tag and digest: `host:5000/a/b:tag@sha256:...` becomes `host:5000/a/b`.
  static String repository(String name) {
    var untagged = Objects.requireNonNull(Arrays.asList(name.split("@", 2)).getFirst());
    int colon = untagged.indexOf(':', untagged.lastIndexOf('/') + 1);
    return colon < 0 ? untagged : untagged.substring(0, colon);
  }
}
