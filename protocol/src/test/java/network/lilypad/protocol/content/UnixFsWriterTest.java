package network.lilypad.protocol.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import network.lilypad.protocol.content.ContentException.Reason;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnixFsWriterTest {
  private static final TreeLimits ROOMY = new TreeLimits(1L << 40, 1_000_000);
  private static final UnixFsWriter WRITER = new UnixFsWriter(BlockSink.NONE, ROOMY);

  @TempDir
  Path directory;

  @ParameterizedTest
  @CsvSource({
      "262144, bafybeibrnptk3ras5fzfctip4xq4p67lwp3qbtmxtevvigsjzpcetmd5bq",
      "1048576, bafybeiaufkbwyxhzqkkqxou6es67u5d2wsia66ylhqcmkqdsiy3ut3qqsu"}) void a_file_of_three_million_sevens_has_its_published_cid(
          int chunkBytes, String cid) {
    var sevens = new byte[3_000_000];
    Arrays.fill(sevens, (byte) 7);
    var writer = new UnixFsWriter(BlockSink.NONE, ROOMY, new Layout(chunkBytes, 174));
    assertThat(writer.writeFile(new ByteArrayInputStream(sevens))).hasToString(cid);
  }

  @Test void an_empty_file_is_an_empty_raw_block_and_an_empty_directory_the_known_one() {
    assertThat(WRITER.writeFile(InputStream.nullInputStream()))
        .hasToString("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku");
    assertThat(WRITER.writeDirectory(directory))
        .hasToString("bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354");
  }

  @Test void a_stream_that_comes_in_drops_has_the_cid_of_the_same_bytes_at_once() {
    var bytes = "streamed".repeat(20).getBytes(StandardCharsets.UTF_8);
    var writer = new UnixFsWriter(BlockSink.NONE, ROOMY, new Layout(16, 3));
    var drops = new ByteArrayInputStream(bytes) {
      @Override public synchronized int read(byte[] into, int offset, int length) {
        return super.read(into, offset, Math.min(1, length));
      }
    };
    assertThat(writer.writeFile(drops)).isEqualTo(writer.writeFile(new ByteArrayInputStream(bytes)));
  }

  @Test void children_reach_the_sink_before_their_parents_and_the_root_last() throws IOException {
    // given
    var order = new ArrayList<Cid>();
    Files.write(directory.resolve("file"), new byte[100]);
    // when
    var root = new UnixFsWriter((cid, _) -> order.add(cid), ROOMY, new Layout(10, 3)).writeDirectory(directory);
    // then
    assertThat(order).hasSize(10 + 4 + 2 + 1 + 1).endsWith(root);
    assertThat(order.subList(0, 4)).extracting(Cid::codec)
        .containsExactly(Cid.Codec.RAW, Cid.Codec.RAW, Cid.Codec.RAW, Cid.Codec.DAG_PB);
  }

  @Test void permissions_and_times_do_not_change_the_root() throws IOException {
    // given
    var file = Files.writeString(directory.resolve("run.sh"), "true");
    var before = WRITER.writeDirectory(directory);
    // when
    assertThat(file.toFile().setExecutable(true)).isTrue();
    assertThat(file.toFile().setLastModified(0)).isTrue();
    // then
    assertThat(WRITER.writeDirectory(directory)).isEqualTo(before);
  }

  @Test void links_are_refused_by_their_path_even_if_they_lead_to_files_inside() throws IOException {
    // given
    Files.createDirectories(directory.resolve("outputs/deep"));
    Files.writeString(directory.resolve("outputs/file"), "x");
    Files.createSymbolicLink(directory.resolve("outputs/deep/link"), directory.resolve("outputs/file"));
    // then
    refused(Reason.UNSUPPORTED_FILE, () -> WRITER.writeDirectory(directory),
        "outputs/deep/link: a symbolic link (expected: a regular file or a directory)");
    refused(Reason.NOT_A_DIRECTORY, () -> WRITER.writeDirectory(directory.resolve("outputs/file")), "root: ");
  }

  @Test void a_link_to_a_directory_is_no_directory() throws IOException {
    var target = Files.createDirectory(directory.resolve("target"));
    var link = Files.createSymbolicLink(directory.resolve("link"), target);
    refused(Reason.NOT_A_DIRECTORY, () -> WRITER.writeDirectory(link), "not a link to one");
    refused(Reason.UNSUPPORTED_FILE, () -> WRITER.writeDirectory(directory), "link: a symbolic link");
  }

  @Test void a_fifo_is_refused_and_not_waited_for() throws IOException, InterruptedException {
    Scratch.run("mkfifo", directory.resolve("pipe").toString());
    refused(Reason.UNSUPPORTED_FILE, () -> WRITER.writeDirectory(directory), "pipe: a fifo, socket or device");
  }

  @Test void names_that_no_reader_takes_are_not_written() throws IOException, InterruptedException {
    Files.createFile(directory.resolve("back\\slash"));
    refused(Reason.BAD_NAME, () -> WRITER.writeDirectory(directory), "name in /: \"back\\slash\"");
    Files.delete(directory.resolve("back\\slash"));

    Scratch.run("bash", "-c", "touch \"$0\"/$'latin-\\xe9'", directory.toString());
    Files.createFile(directory.resolve("latin-\uFFFD"));
    refused(Reason.BAD_NAME, () -> WRITER.writeDirectory(directory), "well-formed UTF-8");
    Scratch.run("bash", "-c", "rm \"$0\"/$'latin-\\xe9'", directory.toString());
    assertThat(WRITER.writeDirectory(directory).codec()).isEqualTo(Cid.Codec.DAG_PB);
  }

  @Test void every_limit_admits_its_last_value_and_refuses_the_next() throws IOException {
    // given
    Files.write(directory.resolve("a"), new byte[10]);
    Files.createDirectory(directory.resolve("b"));
    Files.write(directory.resolve("b/c"), new byte[10]);
    // then
    writer(20, 3).writeDirectory(directory);
    refused(Reason.TOO_MANY_BYTES, () -> writer(19, 3).writeDirectory(directory),
        "b/c: 20 bytes up to here (expected: at most 19 in the tree)");
    refused(Reason.TOO_MANY_ENTRIES, () -> writer(20, 2).writeDirectory(directory), "b: 3 entries up to here");
    refused(Reason.TOO_MANY_BYTES, () -> writer(9, 0).writeFile(new ByteArrayInputStream(new byte[10])), "/: 10 bytes");
  }

  @Test void a_tree_may_be_32_levels_deep_and_no_more() throws IOException {
    var deep = Files.createDirectories(directory.resolve("d/".repeat(Place.MAX_DEPTH - 1)));
    Files.createFile(deep.resolve("last"));
    WRITER.writeDirectory(directory);
    Files.createDirectory(deep.resolve("e"));
    Files.createFile(deep.resolve("e/too-deep"));
    refused(Reason.TOO_DEEP, () -> WRITER.writeDirectory(directory), "expected: at most 32 levels");
  }

  @Test void a_directory_whose_block_no_reader_takes_is_refused() throws IOException {
    var name = "n".repeat(250);
    for (int i = 0; i < 7_000; i++) {
      Files.createFile(directory.resolve(name + i));
    }
    refused(Reason.BLOCK_TOO_LARGE, () -> WRITER.writeDirectory(directory), "/: 7000 names");
  }

  @Test void a_failing_sink_stops_the_writer_as_an_input_output_fault() throws IOException {
    Files.createFile(directory.resolve("file"));
    var writer = new UnixFsWriter((_, _) -> {
      throw new IOException("disk full");
    }, ROOMY);
    refused(Reason.IO, () -> writer.writeDirectory(directory), "disk full");
    refused(Reason.IO, () -> writer.writeFile(InputStream.nullInputStream()), "disk full");
  }

  /// 300 MiB through a heap of 24 MiB, JDK included: more than a few chunks at once would not fit.
  @Test void a_large_stream_passes_through_a_small_heap() throws IOException, InterruptedException {
    // given
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classPath = String.join(":", home(UnixFsWriter.class), home(HugeStream.class),
        home(com.google.protobuf.CodedOutputStream.class), home(org.conscrypt.Conscrypt.class));
    // when
    var process = new ProcessBuilder(java, "-Xmx24m", "-XX:+UseSerialGC", "-cp", classPath, HugeStream.class.getName())
        .redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    // then
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(output.strip()).endsWith("bafybeicipekw7zpw2rx2kudl6nnt5hytvc6dn7lsfxsk7onpoeydpoln3q");
  }

  private static String home(Class<?> type) {
    return Objects.requireNonNull(type.getProtectionDomain().getCodeSource()).getLocation().getPath();
  }

  private static UnixFsWriter writer(long bytes, int entries) {
    return new UnixFsWriter(BlockSink.NONE, new TreeLimits(bytes, entries));
  }

  private static void refused(Reason reason, ThrowingCallable call, String message) {
    assertThatExceptionOfType(ContentException.class).isThrownBy(call).withMessageContaining(message)
        .extracting(ContentException::reason).isEqualTo(reason);
  }
}
