package network.lilypad.node.modules.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import network.lilypad.node.modules.ModuleRefusedException;
import network.lilypad.node.modules.source.ModuleReference.Folder;
import network.lilypad.node.modules.source.ModuleReference.Named;
import network.lilypad.node.modules.source.ModuleReference.Remote;
import org.junit.jupiter.api.Test;

class ModuleReferenceTest {
  private static final Path HERE = Path.of("/work/here");

  @Test void names_folders_and_repositories_are_told_apart() {
    assertThat(parse("cowsay:v0.0.4")).isEqualTo(new Named("cowsay", Optional.of("v0.0.4")));
    assertThat(parse("cowsay")).isEqualTo(new Named("cowsay", Optional.empty()));
    assertThat(parse("./mine")).isEqualTo(new Folder(Path.of("/work/here/mine")));
    assertThat(parse("../mine")).isEqualTo(new Folder(Path.of("/work/mine")));
    assertThat(parse("./my own")).as("a path may hold spaces").isEqualTo(new Folder(Path.of("/work/here/my own")));
    assertThat(parse(".")).isEqualTo(new Folder(HERE));
    assertThat(parse("github.com/owner/repo:feature/x"))
        .isEqualTo(remote("https://github.com/owner/repo", "feature/x"));
    assertThat(parse("https://git.example.org:8443/a/b.git:v1")).isEqualTo(
        remote("https://git.example.org:8443/a/b.git", "v1"));
    assertThat(parse("https://git.example.org:8443/a/b/")).isEqualTo(
        new Remote(URI.create("https://git.example.org:8443/a/b"), Optional.empty()));
    assertThat(parse("http://localhost:8080/a:v1")).isEqualTo(remote("http://localhost:8080/a", "v1"));
  }

  @Test void what_could_lead_elsewhere_is_refused() {
    for (var text : List.of("", " ", "a b", "a\nb", "a/b", "a/../../b", "git@github.com:a/b", "ssh://host/a",
        "ext::sh -c id",
        "ext://sh", "https://", "https://host", "https://host/", "https://host/a?x=1", "https://host/a#x",
        "http://example.org/a:v1", "https://user:secret@host/a", "user@host.org/a", "file://otherhost/etc", "-x:v1",
        "cowsay:", "cowsay:-x", "cowsay:../x", "cowsay:a..b", "cowsay:refs/heads/x", "cowsay:a:b", "cowsay:x.lock",
        "github.com/a/b:-upload-pack=x", "github.com/a/b:..", "%2e%2e:v1", "x".repeat(300))) {
      assertThatThrownBy(() -> parse(text)).as(text).isInstanceOf(ModuleRefusedException.class);
    }
    assertThatThrownBy(() -> parse("https://user:secret@host/a")).hasMessageNotContaining("secret");
  }

  private static Remote remote(String url, String ref) {
    return new Remote(URI.create(url), Optional.of(ref));
  }

  private static ModuleReference parse(String text) {
    return ModuleReference.parse(text, HERE);
  }
}
