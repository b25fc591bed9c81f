package network.lilypad.node.modules.source;

import java.io.IOException;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import network.lilypad.node.modules.ModuleRefusedException;
import network.lilypad.node.modules.ModuleUnavailableException;
import network.lilypad.protocol.Rejection;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;

/// One fetch: asks what a version is, and takes that commit without its history. No hooks, filters or submodules run,
/// because nothing is checked out.
final class GitFetch {
  /// A server that is silent for so long is gone.
  private static final int SILENCE_SECONDS_MAX = 30;
  private static final int TAGS_SHOWN = 10;
  private static final String PINS = "refs/lilypad/";
  /// How public servers say that there is no such public repository.
  private static final Pattern NOT_PUBLIC = Pattern.compile("(?i).*(not found|not authorized|authentication is required"
      + "|no CredentialsProvider|not permitted).*", Pattern.DOTALL);

  private final Repository git;
  private final ModuleReference.Remote remote;
  private final FetchWatch watch;
  private final FetchLimits limits;

  GitFetch(Repository git, ModuleReference.Remote remote, FetchLimits limits) {
    this.git = git;
    this.remote = remote;
    this.limits = limits;
    this.watch = new FetchWatch(limits);
  }

  /// The commit, which is in the repository afterwards.
  ObjectId commit() throws IOException {
    try {
      var refs = remoteRefs();
      return remote.ref().isEmpty() ? named(refs, "HEAD", "HEAD").orElseThrow(() -> unknown(refs)) : version(refs);
    } catch (NoRemoteRepositoryException e) {
      throw refused(String.valueOf(e.getMessage()));
    } catch (TransportException e) {
      throw failed(e);
    } catch (IncorrectObjectTypeException _) {
      throw ModuleRefusedException.malformed("module version", remote.ref().orElse("HEAD"),
          "a commit, or a tag of one");
    }
  }

  private ObjectId version(Map<String, Ref> refs) throws IOException {
    var ref = remote.ref().orElseThrow();
    if (ObjectId.isId(ref)) {
      return exact(ObjectId.fromString(ref), refs);
    }
    var tag = named(refs, "refs/tags/" + ref, "tags/" + ref);
    return tag.isPresent() ? tag.get()
        : named(refs, "refs/heads/" + ref, "heads/" + ref).orElseThrow(() -> unknown(refs));
  }

  private Optional<ObjectId> named(Map<String, Ref> refs, String name, String pin) throws IOException {
    if (!refs.containsKey(name)) {
      return Optional.empty();
    }
    take(new RefSpec("+" + name + ":" + PINS + pin), true);
    var taken = Optional.ofNullable(git.exactRef(PINS + pin)).map(Ref::getObjectId)
        .orElseThrow(() -> new IOException("module cache: " + name + " was fetched but is not there"));
    return Optional.of(pin(taken, pin));
  }

  /// A commit that a ref names, that the server gives by its id, or that is in some history.
  private ObjectId exact(ObjectId commit, Map<String, Ref> refs) throws IOException {
    var named = refs.values().stream().filter(ref -> commit.equals(ref.getObjectId())
        || commit.equals(ref.getPeeledObjectId())).findFirst();
    try {
      take(new RefSpec("+" + named.map(Ref::getName).orElse(commit.name()) + ":" + PINS + "commits/" + commit.name()),
          true);
    } catch (TransportException e) {
      if (watch.isCancelled()) {
        throw e;
      }
      take(new RefSpec("+refs/heads/*:" + PINS + "all/*"), false);
    }
    try {
      return pin(commit, "commits/" + commit.name());
    } catch (MissingObjectException _) {
      throw unknown(refs);
    }
  }

  private void take(RefSpec spec, boolean shallow) throws IOException {
    try (var transport = open()) {
      if (shallow) {
        transport.setDepth(1);
      }
      transport.fetch(watch, List.of(spec));
    }
  }

  private Map<String, Ref> remoteRefs() throws IOException {
    try (var transport = open(); var connection = transport.openFetch()) {
      return connection.getRefsMap();
    }
  }

  private Transport open() throws IOException {
    try {
      var transport = Transport.open(git, new URIish(remote.url().toString()));
      transport.setTimeout(watch.patience(SILENCE_SECONDS_MAX));
      transport.setTagOpt(TagOpt.NO_TAGS);
      if (transport instanceof TransportHttp http) {
        http.setHttpConnectionFactory(watch);
      }
      return transport;
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  /// Names the commit behind an object, so that it is found again.
  private ObjectId pin(ObjectId object, String name) throws IOException {
    try (var walk = new RevWalk(git)) {
      var commit = walk.parseCommit(object).copy();
      var update = git.updateRef(PINS + name);
      update.setNewObjectId(commit);
      if (update.forceUpdate() == RefUpdate.Result.LOCK_FAILURE) {
        throw new IOException("module cache: cannot write " + PINS + name);
      }
      return commit;
    }
  }

  private ModuleRefusedException unknown(Map<String, Ref> refs) {
    var tags = refs.keySet().stream().filter(name -> name.startsWith("refs/tags/"))
        .map(name -> name.substring("refs/tags/".length())).sorted().limit(TAGS_SHOWN)
        .collect(Collectors.joining(", "));
    return new ModuleRefusedException(new Rejection.UnknownModule(remote.url() + " at " + remote.ref().orElse("HEAD"),
        tags.isEmpty() ? "no tags; a version is a tag, a branch or a full commit id" : "tags " + tags),
        "name a tag, a branch or a full commit id behind the last colon");
  }

  private ModuleRefusedException refused(String reason) {
    return new ModuleRefusedException(new Rejection.UnknownModule(remote.url().toString(),
        "no public git repository there: " + reason), "check the address; of a private one, name your clone: ./folder");
  }

  private RuntimeException failed(TransportException e) {
    if (watch.tooMuch()) {
      return new ModuleRefusedException(
          new Rejection.TooLarge("bytes of repository " + remote.url(), limits.bytes() + 1, limits.bytes()));
    }
    var reason = String.valueOf(e.getMessage());
    return NOT_PUBLIC.matcher(reason).matches() ? refused(reason)
        : new ModuleUnavailableException("module repository: " + (watch.late() ? remote.url() + ": it took longer than "
            + limits.time().toSeconds() + " s" : reason),
            "check name and network; bundled modules need none: lilypad modules list");
  }
}
