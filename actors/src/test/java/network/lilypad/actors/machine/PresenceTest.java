package network.lilypad.actors.machine;

import static org.assertj.core.api.Assertions.assertThat;

import network.lilypad.actors.Samples;
import network.lilypad.protocol.message.AgentSession;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

class PresenceTest {
  private static final long NOON = 1_000;
  private final Presence presence = new Presence(NOON);

  private void attach() {
    presence.attach(new AgentSession.Handle(1, TestInbox.<AgentSession.Command>create().getRef()),
        Samples.hello(1, 2, 2));
  }

  private void lookEverySecond(long from, long until) {
    for (long now = from + 1; now <= until; now++) {
      presence.look(now);
    }
  }

  @Test void an_agent_is_lost_when_nothing_was_heard_for_more_than_five_seconds_of_looking() {
    attach();
    lookEverySecond(NOON, NOON + 5);
    assertThat(presence.lost()).isFalse();
    presence.look(NOON + 6);
    assertThat(presence.lost()).isTrue();
    presence.heard();
    assertThat(presence.lost()).isFalse();
  }

  @Test void what_passes_while_nobody_looks_is_no_silence_of_the_agent() {
    // given an agent that beat a second ago, and an hour in which this process stood still
    attach();
    presence.look(NOON + 1);
    // when
    presence.look(NOON + 3_600);
    // then
    assertThat(presence.lost()).isFalse();
    assertThat(presence.silentSeconds()).isEqualTo(3);
    // and looks that waited for the journal and come all at once count once
    presence.look(NOON + 3_600);
    assertThat(presence.silentSeconds()).isEqualTo(3);
  }

  @Test void a_clock_that_is_set_back_takes_nothing_away() {
    lookEverySecond(NOON, NOON + 4);
    presence.look(NOON - 50);
    assertThat(presence.silentSeconds()).isEqualTo(4);
  }

  @Test void silence_goes_on_when_the_session_is_gone_and_ends_with_the_next() {
    attach();
    lookEverySecond(NOON, NOON + 6);
    presence.detach();
    lookEverySecond(NOON + 6, NOON + 15);
    assertThat(presence.silentSeconds()).isEqualTo(15);
    attach();
    assertThat(presence.silentSeconds()).isZero();
  }
}
