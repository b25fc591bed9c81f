/// What exactly stands behind the name of a container image: asked of the local engine, then of the image's registry.
@NullMarked
package network.lilypad.node.modules.image;

import org.jspecify.annotations.NullMarked;
