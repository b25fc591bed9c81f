package network.lilypad.protocol.entity;

/// Something the world is to be told because of an entity's state. A value: equal effects are one effect, and its
/// receiver makes a repeat harmless, so it is told at least once.
public interface Effect {}
