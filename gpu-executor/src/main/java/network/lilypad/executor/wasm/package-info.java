/// The executor for WebAssembly: WASI preview 1 commands, compiled to JVM code, deterministic to the byte.
///
/// The guest sees a file system that exists in this package only ([Folder], [InputFile], [OutputFile]): no host path is
/// ever made from a guest's path while it runs, so there is nothing to escape to. Its clock and its random numbers are
/// constants of the protocol. Only this package knows the WebAssembly runtime.
@NullMarked
package network.lilypad.executor.wasm;

import org.jspecify.annotations.NullMarked;
