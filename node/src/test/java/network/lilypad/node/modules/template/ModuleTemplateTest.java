package network.lilypad.node.modules.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import network.lilypad.protocol.Rejection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModuleTemplateTest {
  private static final int CHARS_MAX = 256 * 1024;
  private static final String EVIL = "x\", \"injected\": \"y\\\n}}\u0001{{.Other}}</script>\u2028";

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

  @Test void quotes_line_breaks_template_syntax_and_entries_in_an_input_stay_one_text() throws Exception {
    for (var template : List.of("[{{.A}}]", "[\"{{.A}}\"]", "[\"{{subst \"%s\" .A}}\"]", "[{{printf \"%s\" .A}}]",
        "[{{printf \"\\\"%s\\\"\" .A}}]", "[\"{{print .A}}\"]", "[{{with .A}}{{.}}{{end}}]", "[{{printf \"%q\" .A}}]",
        "[{{$x := .A}}{{$x}}]", "[{{or .A \"1\"}}]", "[{{index . \"A\"}}]", "[{{.A | printf \"%v\"}}]")) {
      var parsed = new ObjectMapper().readTree(render(template, Map.of("A", EVIL)));
      assertThat(parsed).as(template).hasSize(1);
      assertThat(parsed.get(0).textValue()).as(template).isEqualTo(EVIL);
    }
  }

  @Test void elements_of_a_list_given_as_an_input_stay_texts_too() throws Exception {
    var list = new ObjectMapper().writeValueAsString(List.of(EVIL, Map.of("a", EVIL)));
    var parsed = new ObjectMapper().readTree(
        render("[{{range $i, $e := .L}}{{if $i}},{{end}}{{$e}}{{end}}]", Map.of("L", list)));
    assertThat(parsed.get(0).textValue()).isEqualTo(EVIL);
    assertThat(parsed.get(1).path("a").textValue()).isEqualTo(EVIL);
    assertThat(parsed).hasSize(2);
  }

  @Test void a_backslash_cannot_disarm_the_quote_of_an_input() {
    assertThatThrownBy(() -> render("[\"\\{{.A}}\"]", Map.of("A", "\", \"x"))).hasMessageContaining("no backslash");
  }

  @ParameterizedTest
  @CsvSource(delimiterString = " => ", quoteCharacter = '~', value = {
      "{{if eq .A \"1\"}}a{{else if eq .A \"2\" \"3\"}}b{{else}}c{{end}} => b",
      "{{if and .A .B}}both{{end}}{{if or .A .B}}one{{end}}{{if not .B}}none{{end}} => onenone",
      "{{if gt .A 2}}more{{end}}{{if le .A 3}}less{{end}}{{if lt 10 .A}}x{{end}}{{if ge .A 3.0}}y{{end}} => morelessy",
      "{{if ne .A \"3\"}}other{{else}}same{{end}} => same",
      "{{with .A}}{{printf \"%d\" .}}{{else}}none{{end}} => 3",
      "{{with .B}}x{{else}}none{{end}} => none",
      "{{with .B}}x{{else with .A}}y{{end}} => y",
      "{{len .A}}{{len .L}}{{len .B}} => 120",
      "{{index .L 1 \"k\" | printf \"%d\"}}{{(index .L 1).k}} => 77",
      "{{range .L}}.{{end}}{{range .B}}x{{else}}none{{end}} => ..none",
      "{{range $i, $e := 3}}{{$i}}{{end}} => 012",
      "{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}} => 2",
      "{{$x := 1}}{{if true}}{{$x := 2}}{{end}}{{$x}} => 1",
      "{{if $x := .A}}{{printf \"%d\" $x}}{{end}} => 3",
      "{{range $k, $v := .O}}{{$v}}{{$.A | printf \"%d\"}}{{end}} => 1323",
      "a {{- 1 -}} b => a1b",
      "a {{- /* gone }} too */ -}} b => ab",
      "{{/* gone */}}a => a",
      "{{printf `%s %q` \"a\" \"b\"}} => a \"b\"",
      "x{{printf \"%5d%-3d%03d\" 1 2 3}}x => x    12  003x",
      "{{printf \"%.2f %f %g %t %v%%\" 1.005 2 3.5 true 4}} => 1.00 2.000000 3.5 true 4%",
      "{{eq \"\\\"3\\\"\" .A}} => true",
      "{{.A | subst \"%s\"}} => 3",
      "{{and 1 0}}{{or 0 5}}{{not true}} => 05false",
      "{{-3}} => -3"}) void the_subset_of_go_s_templates_means_what_it_means_there(String template, String expected) {
    var all = template + "{{if false}}{{.A}}{{.B}}{{.L}}{{.O}}{{end}}";
    assertThat(render(all, Map.of("A", "3", "L", "[1, {\"k\": 7}]", "O", "{\"b\": 2, \"a\": 1}"))).isEqualTo(expected);
  }

  @Test void a_percent_sign_and_several_verbs_are_understood() {
    assertThat(render("[\"{{subst \"%s is 100%% %v\" .A .B}}\"]", Map.of("A", "it", "B", "so")))
        .isEqualTo("[\"it is 100% so\"]");
  }

  @Test void outside_a_string_subst_gives_numbers_only() {
    assertThat(render("[{{subst \"%s\" .A}}]", Map.of("A", "20"))).isEqualTo("[20]");
    assertThatThrownBy(() -> render("[{{subst \"%s\" .A}}]", Map.of("A", "1], \"x\": [2")))
        .hasMessageContaining("inside the quotes");
  }

  @Test void printf_of_several_inputs_outside_a_string_makes_several_entries_as_in_the_predecessor() {
    assertThat(render("[{{printf \"%s,%s\" .A .B}}]", Map.of("A", "a\"", "B", "b"))).isEqualTo("[\"a\\\"\",\"b\"]");
  }

  @Test void an_unknown_construct_is_named_with_its_line() {
    assertThatThrownBy(() -> ModuleTemplate.parse("{\n{{/* two\nlines */}}{{template \"x\"}}\n}"))
        .hasMessageContaining("line 3").hasMessageContaining("{{template \"x\"}}").hasMessageContaining("subst");
  }

  @ParameterizedTest
  @CsvSource(delimiterString = " => ", quoteCharacter = '~', value = {"{{if .A}}x => an end after it",
      "x{{end}} => before it",
      "x{{.A => }} at its end", "{{/* x => */}} at the end", "{{if .A}}a{{else}}b{{else}}c{{end}} => end",
      "{{range .A}}a{{else if .B}}b{{end}} => nothing after its end", "{{(eq 1 1}} => closing parenthesis",
      "{{eq 1 1) }} => nothing after", "{{.A . }}x => nothing after", "{{1 \\\\| 2}} => no character",
      "{{eq}} => at least 2 arguments", "{{not 1 2}} => 1 argument", "{{$y}} => declared before",
      "{{$y = 1}} => declared before", "{{printf \"%x\" 1}} => only %s", "{{printf \"%s\"}} => a value for each",
      "{{printf \"%s\" 1 2}} => one for each", "{{printf 1}} => a text as first", "{{index .A 0}} => list or object",
      "{{index .L 5}} => from 0 to 1", "{{.A.B}} => an object that has .B", "{{range .A}}{{end}} => JSON list",
      "{{lt .A \"\" 1}} => 2 arguments", "{{eq not 1}} => parentheses around", "{{\"a\\q\"}} => escapes",
      "{{\"a}} => }} at its end", "{{#}} => no character #", "{{1.2.3}} => a number instead",
      "{{lt true 1}} => two numbers",
      "{{if}}x{{end}} => a field such as", "{{printf \"%d\" \"a\"}} => a whole number"}) void what_is_wrong_is_named(
          String template, String message) {
    var all = "{{if false}}{{.A}}{{.L}}{{end}}" + template;
    assertThatThrownBy(() -> render(all, Map.of("A", "moo", "L", "[1,2]")))
        .isInstanceOf(TemplateRefusedException.class).hasMessageContaining(message)
        .hasMessageContaining("lilypad_module.json.tmpl line 1");
  }

  @Test void blocks_and_parentheses_nest_up_to_a_bound() {
    var open = "{{if .A}}".repeat(TemplateParser.DEPTH_MAX);
    var close = "{{end}}".repeat(TemplateParser.DEPTH_MAX);
    assertThat(render(open + "x" + close, Map.of("A", "1"))).isEqualTo("x");
    assertThatThrownBy(() -> ModuleTemplate.parse("{{if .A}}".repeat(2) + open + close))
        .hasMessageContaining("at most 64");
    assertThatThrownBy(() -> ModuleTemplate.parse("{{if 1}}" + "{{else if 1}}".repeat(10_000) + "{{end}}"))
        .hasMessageContaining("at most 64");
    assertThatThrownBy(() -> ModuleTemplate.parse("{{" + "(".repeat(100) + "1" + ")".repeat(100) + "}}"))
        .hasMessageContaining("parentheses");
    assertThatThrownBy(() -> ModuleTemplate.parse("{{1" + " | print".repeat(10_000) + "}}"))
        .hasMessageContaining("at most 256");
    assertThatThrownBy(() -> ModuleTemplate.parse("{{print \"" + "\\n".repeat(100_000) + "\" (}}"))
        .hasMessageContaining("a field such as");
  }

  @Test void a_template_that_loops_without_end_ends() {
    for (var template : List.of("{{range 999999999999}}{{end}}",
        "{{range 4000}}{{range 4000}}{{range 4000}}{{end}}{{end}}{{end}}",
        "{{$x := \"aaaaaaaaaaaaaaaa\"}}{{range 1000}}{{$x = print $x $x}}{{end}}",
        "{{range 100000}}xxxxxxxxxx{{end}}")) {
      assertThatThrownBy(() -> render(template, Map.of())).as(template).isInstanceOf(TemplateRefusedException.class);
    }
  }

  @Test void inputs_are_listed_with_their_defaults_and_whether_they_are_required() {
    var template = ModuleTemplate.parse("""
        {{if .A}}{{.A}}{{else}}"moo"{{end}} {{.B}} {{if .C}}"{{subst "C=%s" .C}}",{{else}}"C=1",{{end}}
        {{or .D "4"}} {{range .E}}{{.Inner}}{{$.F}}{{end}} {{with .G}}{{.Inner}}{{end}} {{index . "h-h"}}""");
    assertThat(template.inputs()).containsExactlyInAnyOrder(new Input("A", false, "moo"), new Input("B", true, ""),
        new Input("C", false, "1"), new Input("D", false, "4"), new Input("E", false, ""), new Input("F", true, ""),
        new Input("G", false, ""), new Input("h-h", true, ""));
  }

  @Test void an_unknown_input_is_refused_with_the_module_s_own() {
    assertThatThrownBy(() -> render("[{{.Message}}{{if .Voice}}{{end}}]", Map.of("message", "moo")))
        .hasMessageContaining("message").hasMessageContaining("Message, Voice");
  }

  @Test void a_missing_input_is_named_with_its_option() {
    for (var template : List.of("[{{.Message}}]", "[{{printf \"%s\" .Message}}]", "[\"{{subst \"%s\" .Message}}\"]",
        "{{if lt .Message \"a\"}}{{end}}")) {
      assertThatThrownBy(() -> render(template, Map.of())).hasMessageContaining("-i Message=...");
    }
  }

  @Test void values_are_bounded_and_must_be_text() {
    var template = ModuleTemplate.parse("[{{.A}}]");
    assertThatThrownBy(() -> template.render(Map.of("A", "x".repeat(ModuleTemplate.VALUE_BYTES_MAX + 1)), CHARS_MAX))
        .isInstanceOfSatisfying(TemplateRefusedException.class,
            e -> assertThat(e.why()).isInstanceOf(Rejection.TooLarge.class));
    assertThatThrownBy(() -> template.render(Map.of("A", "a\0b"), CHARS_MAX)).hasMessageContaining("NUL");
    assertThatThrownBy(() -> template.render(Map.of("A", "\ud800"), CHARS_MAX)).hasMessageContaining("Unicode");
  }

  @Test void what_is_rendered_is_bounded() {
    var template = ModuleTemplate.parse("[" + "{{.A}}".repeat(5) + "]");
    assertThatThrownBy(() -> template.render(Map.of("A", "x".repeat(ModuleTemplate.VALUE_BYTES_MAX)), CHARS_MAX))
        .hasMessageContaining("rendered module");
  }

  private static String render(String template, Map<String, String> inputs) {
    return ModuleTemplate.parse(template).render(inputs, CHARS_MAX);
  }
}
