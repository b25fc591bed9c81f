@NullMarked
package network.lilypad.protocol.entity;

import org.jspecify.annotations.NullMarked;
