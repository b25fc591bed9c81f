/// What travels beside each call: the proof of who calls, and the reason of a refusal. Both ends are here, so that the
/// canonical text is written once.
@NullMarked
package network.lilypad.node.auth;

import org.jspecify.annotations.NullMarked;
