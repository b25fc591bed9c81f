package network.lilypad.node.modules.template;

/// An input that a template reads.
///
/// @param name as it is given with `-i`
/// @param required whether the template prints it without asking first whether it is there
/// @param fallback what stands in its place when it is not given, as the author wrote it; empty if that is nothing or
///     not plain to see
public record Input(String name, boolean required, String fallback) {}
