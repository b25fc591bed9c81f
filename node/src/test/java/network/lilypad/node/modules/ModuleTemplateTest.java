package network.lilypad.node.modules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import network.lilypad.protocol.Rejection;
import org.junit.jupiter.api.Test;

class ModuleTemplateTest {
  @Test void a_field_renders_with_its_own_quotes() {
    assertThat(render("[{{.Message}}]", Map.of("Message", "moo"))).isEqualTo("[\"moo\"]");
  }

  @Test void an_absent_input_takes_the_other_branch_and_an_empty_one_counts_as_given() {
    var template = "[{{ if .Message }}{{ .Message }}{{ else }}\"default\"{{end}}]";
    assertThat(render(template, Map.of())).isEqualTo("[\"default\"]");
    assertThat(render(template, Map.of("Message", ""))).isEqualTo("[\"\"]");
  }

  @Test void a_subst_inside_a_string_takes_the_text_escaped() {
    var template = "[{{ if .Prompt }}\"{{ subst \"PROMPT=%s\" .Prompt }}\",{{ end }}\"A=1\"]";
    assertThat(render(template, Map.of("Prompt", "a cow"))).isEqualTo("[\"PROMPT=a cow\",\"A=1\"]");
    assertThat(render(template, Map.of())).isEqualTo("[\"A=1\"]");
  }

  @Test void quotes_line_breaks_and_entries_in_an_input_stay_one_text() throws Exception {
    var evil = "x\", \"injected\": \"y\\\n}}\u0001{{.Other}}";
    for (var template : java.util.List.of("[{{.A}}]", "[\"{{.A}}\"]", "[\"{{subst \"%s\" .A}}\"]")) {
      var parsed = Json.parse(render(template, Map.of("A", evil)));
      assertThat(parsed).hasSize(1);
      assertThat(parsed.get(0).textValue()).isEqualTo(evil);
    }
  }

  @Test void a_percent_sign_and_several_verbs_are_understood() {
    assertThat(render("[\"{{subst \"%s is 100%% %v\" .A .B}}\"]", Map.of("A", "it", "B", "so")))
        .isEqualTo("[\"it is 100% so\"]");
  }

  @Test void an_unknown_construct_is_named_with_its_line() {
    assertThatThrownBy(() -> ModuleTemplate.parse("{\n{{range .Items}}\n{{end}}}"))
        .hasMessageContaining("line 2").hasMessageContaining("{{range .Items}}").hasMessageContaining("subst");
  }

  @Test void broken_structure_is_named() {
    assertThatThrownBy(() -> ModuleTemplate.parse("{{if .A}}x")).hasMessageContaining("an end after it");
    assertThatThrownBy(() -> ModuleTemplate.parse("x{{end}}")).hasMessageContaining("an if before it");
    assertThatThrownBy(() -> ModuleTemplate.parse("x{{.A")).hasMessageContaining("}} at its end");
    assertThatThrownBy(() -> ModuleTemplate.parse("{{if .A}}\"{{else}}x{{end}}")).hasMessageContaining("both branches");
    assertThatThrownBy(() -> ModuleTemplate.parse("{{if .A}}\"{{end}}")).hasMessageContaining("both branches");
    assertThatThrownBy(() -> ModuleTemplate.parse("[{{subst \"%s\" .A}}]")).hasMessageContaining("inside the quotes");
    assertThatThrownBy(() -> ModuleTemplate.parse("\"{{subst \"%d\" .A}}\"")).hasMessageContaining("only %s");
    assertThatThrownBy(() -> ModuleTemplate.parse("\"{{subst \"%s%s\" .A}}\"")).hasMessageContaining("2 fields");
  }

  @Test void ifs_nest_up_to_a_bound() {
    var open = "{{if .A}}".repeat(TemplateParser.DEPTH_MAX);
    var close = "{{end}}".repeat(TemplateParser.DEPTH_MAX);
    assertThat(render(open + "x" + close, Map.of("A", "1"))).isEqualTo("x");
    assertThatThrownBy(() -> ModuleTemplate.parse("{{if .A}}" + open + "x" + close + "{{end}}"))
        .hasMessageContaining("at most 16");
  }

  @Test void an_unknown_input_is_refused_with_the_module_s_own() {
    assertThatThrownBy(() -> render("[{{.Message}}{{if .Voice}}{{end}}]", Map.of("message", "moo")))
        .hasMessageContaining("message").hasMessageContaining("Message, Voice");
  }

  @Test void a_missing_input_is_named_with_its_option() {
    assertThatThrownBy(() -> render("[{{.Message}}]", Map.of())).hasMessageContaining("-i Message=...");
  }

  @Test void values_are_bounded_and_must_be_text() {
    var template = ModuleTemplate.parse("[{{.A}}]");
    assertThatThrownBy(() -> template.render(Map.of("A", "x".repeat(ModuleTemplate.VALUE_BYTES_MAX + 1))))
        .isInstanceOfSatisfying(ModuleRefusedException.class,
            e -> assertThat(e.why()).isInstanceOf(Rejection.TooLarge.class));
    assertThatThrownBy(() -> template.render(Map.of("A", "a\0b"))).hasMessageContaining("NUL");
    assertThatThrownBy(() -> template.render(Map.of("A", "\ud800"))).hasMessageContaining("Unicode");
  }

  @Test void what_is_rendered_is_bounded() {
    var template = ModuleTemplate.parse("[" + "{{.A}}".repeat(5) + "]");
    assertThatThrownBy(() -> template.render(Map.of("A", "x".repeat(ModuleTemplate.VALUE_BYTES_MAX))))
        .hasMessageContaining("rendered module");
  }

  private static String render(String template, Map<String, String> inputs) {
    return ModuleTemplate.parse(template).render(inputs);
  }
}
