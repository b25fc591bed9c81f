package network.lilypad.node.modules.template;

/// What stands between two pairs of braces, and where.
///
/// @param inside without braces and trim marks
/// @param line of its first brace, from 1
record Tag(String inside, int line) {
  private static final int SHOWN_CHARS = 80;

  TemplateRefusedException refused(String expectation) {
    var shown = inside.length() <= SHOWN_CHARS ? inside : inside.substring(0, SHOWN_CHARS) + "...";
    return TemplateRefusedException.malformed("lilypad_module.json.tmpl line " + line, "{{" + shown + "}}",
        expectation);
  }
}
