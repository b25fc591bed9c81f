package network.lilypad.node.modules.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import network.lilypad.node.client.Trees;
import network.lilypad.node.modules.ImageDigests;
import network.lilypad.node.modules.LilypadModule;
import network.lilypad.node.modules.ModulePath;
import network.lilypad.node.modules.ModuleRefusedException;
import network.lilypad.node.modules.ModuleUnavailableException;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.wire.JobSpecWire;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModuleLibraryTest {
  private static final FetchLimits LIMITS = new FetchLimits(4 << 20, Duration.ofMinutes(1), Duration.ofMillis(300));

  @TempDir
  private Path folder = Path.of("");
  private GitOrigin origin = GitOrigin.NONE;

  @BeforeEach void origin() throws IOException {
    origin = GitOrigin.create(folder.resolve("origin.git"));
    origin.commit("one", Map.of(LilypadModule.FILE, template("one"), "module.wasm", "\0asm1"));
  }

  @Test void a_tag_a_branch_a_commit_and_no_version_are_resolved_to_a_commit() throws IOException {
    // given
    var first = origin.tag("v1", false);
    var annotated = origin.tag("v1-annotated", true);
    origin.commit("two", Map.of(LilypadModule.FILE, template("two"), "module.wasm", "\0asm2"));
    var second = origin.branch("feature/x");
    // then
    assertThat(annotated).isEqualTo(first);
    for (var version : List.of("v1", "v1-annotated", first)) {
      assertThat(arguments(version)).as(version).containsExactly("one");
    }
    for (var version : List.of("feature/x", "master", second)) {
      assertThat(arguments(version)).as(version).containsExactly("two");
    }
    assertThat(library().resolve(origin.url()).source()).isEqualTo("local repository origin.git " + second);
    var job = library().resolve(origin.url() + ":v1").prepare(Map.of(), ImageDigests.PINNED);
    assertThat(job.spec().source()).endsWith(first);
    assertThat(job.spec().name()).isEqualTo("origin.git:v1");
    assertThat(job.spec().image()).isEqualTo(JobSpecWire.digest(job.program()));
    assertThat(job.program().toStringUtf8()).isEqualTo("\0asm1");
  }

  @Test void a_commit_behind_every_tag_is_found_in_the_history() throws IOException {
    var old = origin.branch("old");
    origin.commit("two", Map.of(LilypadModule.FILE, template("two")));
    origin.branch("old");
    assertThat(arguments(old)).containsExactly("one");
  }

  @Test void a_tag_and_a_commit_are_asked_for_once_and_a_branch_each_time() throws IOException {
    // given
    var first = origin.tag("v1", false);
    origin.branch("main");
    assertThat(List.of(arguments("v1"), arguments("main"), arguments(first))).containsOnly(List.of("one"));
    // when: everything moves
    origin.commit("two", Map.of(LilypadModule.FILE, template("two")));
    origin.branch("main");
    origin.tag("v1", false);
    // then
    assertThat(arguments("v1")).containsExactly("one");
    assertThat(arguments("main")).containsExactly("two");
    assertThat(library().refreshing().resolve(origin.url() + ":v1").file(Map.of()).launch().arguments())
        .containsExactly("two");
    Trees.delete(folder.resolve("origin.git/objects"));
    Files.createDirectory(folder.resolve("origin.git/objects"));
    assertThat(arguments(first)).containsExactly("one");
    assertThat(library().cached()).extracting(ModuleLibrary.Cached::ref).contains("v1", "main", first);
  }

  @Test void an_unknown_version_is_refused_with_the_tags_there_are() throws IOException {
    origin.tag("v1", false);
    for (var version : List.of("v9", "0123456789012345678901234567890123456789")) {
      assertThatThrownBy(() -> arguments(version)).isInstanceOfSatisfying(ModuleRefusedException.class, e -> {
        assertThat(e.why()).isEqualTo(new Rejection.UnknownModule(origin.uri() + " at " + version, "tags v1"));
        assertThat(e.next()).contains("a tag, a branch or a full commit id");
      });
    }
  }

  @Test void a_version_of_a_folder_is_told_how_a_repository_is_named() {
    var path = folder.resolve("origin.git");
    assertThatThrownBy(() -> library().resolve(path + ":v1"))
        .hasMessageContaining("(expected: file://" + path + ":v1 for a version of a git repository)");
    assertThatThrownBy(() -> library().resolve(folder + "/none:v1")).hasMessageContaining("lilypad modules init");
  }

  @Test void a_repository_without_a_module_file_is_refused() throws IOException {
    origin.commit("bare", Map.of("README.md", "x"));
    assertThatThrownBy(() -> library().resolve(origin.url())).hasMessageContaining(LilypadModule.FILE);
  }

  @Test void links_and_folders_in_a_tree_are_no_files() throws IOException {
    origin.commit("link", Map.of(LilypadModule.FILE, template("x"), "link.wasm", "->../../etc/passwd", "d/f", "x"));
    var contents = library().resolve(origin.url()).contents();
    assertThatThrownBy(() -> contents.read(new ModulePath("link.wasm"), 100)).hasMessageContaining("a symbolic link");
    assertThatThrownBy(() -> contents.read(new ModulePath("d"), 100)).hasMessageContaining("a folder");
    assertThatThrownBy(() -> contents.read(new ModulePath("nosuch"), 100)).hasMessageContaining("a file of commit");
    assertThatThrownBy(() -> contents.read(new ModulePath(LilypadModule.FILE), 1)).hasMessageContaining("module file");
    origin.commit("linked", Map.of(LilypadModule.FILE, "->/etc/passwd"));
    assertThatThrownBy(() -> library().resolve(origin.url())).hasMessageContaining("a symbolic link");
  }

  @Test void a_repository_above_the_bound_is_refused_and_not_kept() throws IOException {
    var noise = new byte[6 << 20];
    new Random(1).nextBytes(noise);
    origin.commit("huge", Map.of(LilypadModule.FILE, template("x"),
        "noise", new String(noise, java.nio.charset.StandardCharsets.ISO_8859_1)));
    assertThatThrownBy(() -> library().resolve(origin.url())).isInstanceOfSatisfying(ModuleRefusedException.class,
        e -> assertThat(e.why()).isInstanceOf(Rejection.TooLarge.class));
    assertThat(library().cached()).isEmpty();
  }

  @Test void many_at_once_fetch_once_and_agree() throws Exception {
    origin.tag("v1", false);
    Callable<List<String>> one = () -> ModuleLibrary.of(folder.resolve("home"), folder, FetchLimits.DEFAULT)
        .resolve(origin.url() + ":v1").file(Map.of()).launch().arguments();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : threads.invokeAll(java.util.Collections.nCopies(8, one))) {
        assertThat(answer.get()).containsExactly("one");
      }
    }
  }

  @Test void another_process_is_waited_for_and_then_named() throws IOException {
    // given: the lock is held, as the operating system holds it for another process
    origin.tag("v1", false);
    assertThat(arguments("v1")).containsExactly("one");
    var lock = inCache(file -> file.toString().endsWith(".lock"));
    try (var sleeper = new OtherProcess(lock)) {
      // then
      assertThatThrownBy(() -> arguments("master")).isInstanceOf(ModuleUnavailableException.class)
          .hasMessageContaining("process " + sleeper.pid());
      assertThat(arguments("v1")).as("what is here needs no lock").containsExactly("one");
    }
    assertThat(arguments("master")).as("a dead process holds nothing").containsExactly("one");
  }

  @Test void a_half_made_cache_is_made_anew() throws IOException {
    arguments("master");
    var home = inCache(Files::isDirectory);
    Files.delete(home.resolve("HEAD"));
    assertThat(arguments("master")).containsExactly("one");
  }

  @Test void a_folder_is_a_module_as_it_is_now() throws IOException {
    var module = Files.createDirectory(folder.resolve("mine"));
    Files.writeString(module.resolve(LilypadModule.FILE), template("here"));
    Files.writeString(module.resolve("module.wasm"), "\0asm");
    Files.createSymbolicLink(module.resolve("link.wasm"), Path.of("/etc/passwd"));
    for (var name : List.of("./mine", module.toString(), module.toUri().toString())) {
      var job = library().resolve(name).prepare(Map.of(), ImageDigests.PINNED);
      assertThat(job.spec().source()).as("says nothing of this machine").isEqualTo("local folder mine");
      assertThat(job.spec().arguments()).containsExactly("here");
    }
    var contents = library().resolve("./mine").contents();
    assertThatThrownBy(() -> contents.read(new ModulePath("link.wasm"), 1000)).hasMessageContaining("symbolic link");
    assertThatThrownBy(() -> library().resolve("./nosuch")).hasMessageContaining("lilypad modules init");
    assertThatThrownBy(() -> library().resolve(module.toUri() + ":v1")).hasMessageContaining("a git repository");
  }

  @Test void a_shortcut_stands_for_a_repository_and_bundled_modules_come_first() throws IOException {
    origin.tag("v1", false);
    Files.createDirectories(folder.resolve("home"));
    Files.writeString(folder.resolve("home").resolve(Shortcuts.FILE),
        "shortcuts { mine = \"" + origin.url() + "\", cowsay = \"" + origin.url() + "\" }\notherwise = \"\"");
    assertThat(library().resolve("mine:v1").file(Map.of()).launch().arguments()).containsExactly("one");
    assertThat(library().resolve("cowsay").source()).isEqualTo("bundled cowsay:v0.0.4");
    assertThat(library().resolve("cowsay:v1").source()).startsWith("local repository");
    assertThatThrownBy(() -> library().resolve("other:v1")).isInstanceOfSatisfying(ModuleRefusedException.class,
        e -> assertThat(e.why()).isInstanceOf(Rejection.UnknownModule.class));
    Files.writeString(folder.resolve("home").resolve(Shortcuts.FILE), "shortcut { mine = 7 }");
    assertThatThrownBy(this::library).hasMessageContaining("modules.conf").hasMessageContaining("only shortcuts");
  }

  @Test void a_server_that_is_not_there_is_unavailable_with_a_next_step() {
    assertThatThrownBy(() -> library().resolve("http://127.0.0.1:1/owner/repo:v1"))
        .isInstanceOfSatisfying(ModuleUnavailableException.class,
            e -> assertThat(e.next()).contains("lilypad modules list"));
    assertThatThrownBy(() -> library().resolve("file://" + folder + "/nosuch.git"))
        .isInstanceOf(ModuleRefusedException.class);
  }

  @Test void the_repositories_used_longest_ago_go_when_there_are_too_many_and_a_locked_one_stays() throws IOException {
    // given
    var room = new CacheRoom(2, 1L << 30, Duration.ZERO);
    var urls = List.of(repository("a"), repository("b"), repository("c"), repository("d"));
    // when: a is used again after b
    resolve(room, urls.get(0), 1);
    resolve(room, urls.get(1), 2);
    resolve(room, urls.get(0), 3);
    resolve(room, urls.get(2), 4);
    // then
    assertThat(library().cached()).extracting(one -> canonical(one.url())).containsExactlyInAnyOrder(
        canonical(urls.get(0)), canonical(urls.get(2)));
    // when: the oldest is locked
    var lock = lockOf(urls.get(0));
    try (var _ = new OtherProcess(lock)) {
      resolve(room, urls.get(3), 5);
    }
    // then
    assertThat(library().cached()).extracting(one -> canonical(one.url())).containsExactlyInAnyOrder(
        canonical(urls.get(0)), canonical(urls.get(3)));
  }

  @Test void what_was_used_a_moment_ago_stays_though_the_cache_is_full() throws IOException {
    var room = new CacheRoom(1, 1L << 30, Duration.ofSeconds(10));
    resolve(room, repository("a"), 1);
    resolve(room, repository("b"), 5);
    assertThat(library().cached()).hasSize(2);
    resolve(room, repository("c"), 20);
    assertThat(library().cached()).hasSize(1);
  }

  @Test void repositories_go_when_they_are_too_large_together() throws IOException {
    var room = new CacheRoom(64, 1, Duration.ZERO);
    resolve(room, repository("a"), 1);
    var b = repository("b");
    resolve(room, b, 2);
    assertThat(library().cached()).extracting(one -> canonical(one.url())).containsExactly(canonical(b));
  }

  private String repository(String name) throws IOException {
    var made = GitOrigin.create(folder.resolve(name + ".git"));
    made.commit("one", Map.of(LilypadModule.FILE, template(name), "module.wasm", "\0asm"));
    made.tag("v1", false);
    return made.url();
  }

  private static String canonical(String url) {
    return java.net.URI.create(url).toString().replaceFirst("^file:/+", "file:///").replaceFirst("/$", "");
  }

  private Path lockOf(String url) throws IOException {
    try (var homes = Files.list(folder.resolve("home/modules"))) {
      for (var home : homes.filter(Files::isDirectory).toList()) {
        if (canonical(Files.readString(home.resolve("url"))).equals(canonical(url))) {
          return CacheRoom.lock(home);
        }
      }
    }
    throw new AssertionError(url + " is not cached");
  }

  private void resolve(CacheRoom room, String url, int second) {
    ModuleLibrary.of(folder.resolve("home"), folder, LIMITS, room, () -> Instant.ofEpochSecond(1_800_000_000L + second))
        .resolve(url + ":v1");
  }

  private Path inCache(Predicate<Path> wanted) throws IOException {
    try (var files = Files.list(folder.resolve("home/modules"))) {
      return files.filter(wanted).findFirst().orElseThrow();
    }
  }

  private List<String> arguments(String version) {
    return library().resolve(origin.url() + ":" + version).file(Map.of()).launch().arguments();
  }

  private ModuleLibrary library() {
    return ModuleLibrary.of(folder.resolve("home"), folder, LIMITS);
  }

  private static String template(String argument) {
    return "{\"job\": {\"Spec\": {\"EngineSpec\": {\"Type\": \"wasm\", \"Params\": {\"Parameters\": [\"" + argument
        + "\"]}}}}}";
  }

  /// A process that holds a file's lock until it is ended.
  private static final class OtherProcess implements AutoCloseable {
    private final Process process;

    OtherProcess(Path lock) throws IOException {
      var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      process = new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), LockHolder.class.getName(),
          lock.toString()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      assertThat(process.inputReader().readLine()).isEqualTo("held");
    }

    long pid() {
      return process.pid();
    }

    @Override public void close() {
      process.destroyForcibly().onExit().join();
    }
  }

  /// The other process's program.
  static final class LockHolder {
    private LockHolder() {}

    public static void main(String[] args) throws IOException {
      try (var channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE); var lock = channel.lock()) {
        channel.truncate(0);
        channel.write(java.nio.ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid())
            .getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        System.out.println(lock.isValid() ? "held" : "not held");
        System.in.read();
      }
    }
  }

  @Test void git_is_asked_without_anybody_s_configuration() {
    library().cached();
    assertThat(org.eclipse.jgit.util.SystemReader.getInstance()).isInstanceOf(Unconfigured.class);
  }
}
