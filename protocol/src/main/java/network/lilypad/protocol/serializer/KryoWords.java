package network.lilypad.protocol.serializer;

import java.util.List;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;

/// The records of one module that travel between nodes, with the numbers they have for ever. Named in the
/// configuration under `lilypad.kryo.words` and made by their constructor without arguments.
///
/// A record's number and components are frozen once released: a change is a new record with a new number, and the old
/// number is never used again. A component is a primitive, text, a numbered enum, an id, an amount, an actor
/// reference, a public value, another word, a sealed type of words, or a list of these; anything else fails at start.
public interface KryoWords {
  /// How many numbers each module has.
  int BLOCK = 1000;

  /// The first number of the module's block, a multiple of [#BLOCK]: protocol 1000, actors 2000.
  int firstId();

  /// The records.
  List<Word> words();

  /// The enums that are components of these records.
  default List<Numbered<?>> enums() {
    return List.of();
  }

  /// A record and its number.
  ///
  /// @param id in the module's block
  /// @param type the record
  record Word(int id, Class<? extends Record> type) {}

  /// An enum that is written by its explicit number, never by its position.
  ///
  /// @param type the enum
  /// @param number the number of a constant
  /// @param of the constant of a number; throws [IllegalArgumentException] for any other
  record Numbered<E extends Enum<E>>(Class<E> type, ToIntFunction<E> number, IntFunction<E> of) {}
}
