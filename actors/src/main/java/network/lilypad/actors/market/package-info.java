/// The market's order book, pure: no actors, IO, clock, randomness or logging. [OrderBook] is the way in.
@NullMarked
package network.lilypad.actors.market;

import org.jspecify.annotations.NullMarked;
