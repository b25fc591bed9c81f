package network.lilypad.chain.evm;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;

/// Gives tests an [Evm]: one node for the whole JVM, back at its first block before each test. For use with
/// `@ExtendWith`, in constructors, `@BeforeEach` and test methods; not for tests that run in parallel.
public final class OnAnvil implements ParameterResolver, TestInstancePreConstructCallback, AfterEachCallback {
  private static final class Shared {
    static final Evm EVM = Evm.at(Anvil.start());
    static String mark = "";
  }

  @Override public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Evm.class;
  }

  @Override public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return Shared.EVM;
  }

  /// A nested test makes its outer instances first: the mark is from before the outermost.
  @Override public void preConstructTestInstance(TestInstanceFactoryContext factory, ExtensionContext context) {
    if (Shared.mark.isEmpty()) {
      Shared.mark = Shared.EVM.snapshot();
    }
  }

  @Override public void afterEach(ExtensionContext context) {
    var used = Shared.mark;
    Shared.mark = "";
    Shared.EVM.automine(false);
    Shared.EVM.revert(used);
  }
}
