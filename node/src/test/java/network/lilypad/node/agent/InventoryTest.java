package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class InventoryTest {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  @Test void a_tenth_of_the_free_disk_is_sold_in_whole_gibibytes_and_of_a_small_disk_by_the_mebibyte() {
    assertThat(Inventory.diskMib(25 * GIB)).isEqualTo(2048);
    assertThat(Inventory.diskMib(10 * GIB)).isEqualTo(1024);
    assertThat(Inventory.diskMib(10 * GIB - 1)).isEqualTo(1023);
    assertThat(Inventory.diskMib(500 * MIB)).isEqualTo(50);
    assertThat(Inventory.diskMib(9 * MIB)).isZero();
  }
}
