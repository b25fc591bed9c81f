package network.lilypad.actors.market;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

class RankedIndexTest {
  private final RankedIndex<Spot> index = new RankedIndex<>(Spot.class);
  private final TreeMap<Spot, long[]> twin = new TreeMap<>();

  private static final class Spot extends Place {
    private final int id;

    Spot(int rank, int id) {
      super(rank, 0);
      this.id = id;
    }

    @Override int compareIds(Place other) {
      return Integer.compare(id, ((Spot) other).id);
    }
  }

  @Property(tries = 60) void the_first_place_that_covers_a_query_is_found_as_by_looking_at_each(@ForAll long seed) {
    var random = new Random(seed);
    int most = 1 + random.nextInt(3000);
    for (int i = 0; i < 4000; i++) {
      boolean grow = twin.size() < most && (i < most || random.nextBoolean());
      if (grow || twin.isEmpty()) {
        insert(new Spot(random.nextInt(500), i), profile(random));
      } else if (random.nextInt(3) == 0) {
        update(any(random), profile(random));
      } else {
        remove(any(random));
      }
      ask(random);
      if (i % 50 == 0) {
        index.validate();
      }
    }
    for (Spot spot : new ArrayList<>(twin.keySet())) {
      remove(spot);
    }
    index.validate();
    assertThat(index.size()).isZero();
  }

  private void insert(Spot spot, long[] profile) {
    index.insert(spot, profile);
    twin.put(spot, profile);
  }

  private void update(Spot spot, long[] profile) {
    index.update(spot, profile);
    twin.put(spot, profile);
  }

  private void remove(Spot spot) {
    index.remove(spot);
    twin.remove(spot);
  }

  private void ask(Random random) {
    var query = profile(random);
    var from = random.nextBoolean() ? any(random) : new Spot(random.nextInt(500), -1);
    boolean inclusive = random.nextBoolean();
    assertThat(index.next(from, inclusive, query)).isSameAs(first(from, inclusive, query));
    assertThat(index.next(null, true, query)).isSameAs(first(new Spot(-1, -1), true, query));
  }

  private @Nullable Spot first(Spot from, boolean inclusive, long[] query) {
    for (var one : twin.tailMap(from, inclusive).entrySet()) {
      if (Profile.covers(one.getValue(), 0, query)) {
        return one.getKey();
      }
    }
    return null;
  }

  private Spot any(Random random) {
    var from = twin.ceilingKey(new Spot(random.nextInt(500), 0));
    return from != null ? from : twin.isEmpty() ? new Spot(0, 0) : twin.firstKey();
  }

  private static long[] profile(Random random) {
    var profile = new long[Profile.WIDTH];
    for (int i = 0; i < Profile.WIDTH; i++) {
      profile[i] = i < Profile.NUMBERS ? random.nextInt(10) - 5 : 1L << random.nextInt(3);
    }
    for (int i = 3; i < Profile.NUMBERS; i++) {
      profile[i] = 0;
    }
    return profile;
  }
}
