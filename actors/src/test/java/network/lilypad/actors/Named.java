package network.lilypad.actors;

/// A sample and what a table calls it.
public record Named<T>(String name, T value) {}
