package network.lilypad.node.read;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import network.lilypad.actors.job.Job;
import network.lilypad.actors.job.JobEntity;
import network.lilypad.actors.machine.Machine;
import network.lilypad.actors.machine.MachineEntity;
import network.lilypad.node.store.Sql;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.MachineId;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.persistence.jdbc.query.javadsl.JdbcReadJournal;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.persistence.query.Sequence;
import org.apache.pekko.stream.RestartSettings;
import org.apache.pekko.stream.javadsl.RestartSource;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/// The projections: follow the journal's few tagged events into the tables of lists, such as `job_list` and
/// `open_offer`. A batch of events and the offset behind it are one transaction; applying an event again changes
/// nothing. A failed stream starts again from its offset.
public final class ReadSide {
  private static final List<String> TAGS = List.of(JobEntity.LISTED, JobEntity.ENDED, MachineEntity.LISTED,
      MachineEntity.DELISTED);
  /// Events in one transaction: enough to catch up fast after a restart, few enough to commit in milliseconds.
  private static final int MAX_BATCH = 200;
  /// How long an event may wait for others: well below the 300 ms in which a job is to be listed.
  private static final Duration MAX_WAIT = Duration.ofMillis(20);
  private static final RestartSettings RESTART = RestartSettings.create(Duration.ofMillis(200), Duration.ofSeconds(10),
      0.2);

  private final DataSource database;
  private final Executor blocking;
  private final JdbcReadJournal journal;

  private ReadSide(DataSource database, Executor blocking, JdbcReadJournal journal) {
    this.database = database;
    this.blocking = blocking;
    this.journal = journal;
  }

  /// Starts following; ends with the actor system.
  ///
  /// @param blocking where transactions run
  public static void start(ActorSystem<?> system, DataSource database, Executor blocking) {
    var journal = PersistenceQuery.get(system.classicSystem()).getReadJournalFor(JdbcReadJournal.class,
        JdbcReadJournal.Identifier());
    var readSide = new ReadSide(database, blocking, journal);
    TAGS.forEach(tag -> RestartSource.withBackoff(RESTART, () -> readSide.follow(tag)).runWith(Sink.ignore(), system));
  }

  private Source<Done, NotUsed> follow(String tag) {
    return journal.eventsByTag(tag, offset(tag)).groupedWithin(MAX_BATCH, MAX_WAIT)
        .mapAsync(1, batch -> CompletableFuture.supplyAsync(() -> apply(tag, batch), blocking));
  }

  private Offset offset(String tag) {
    return Offset.sequence(Sql.transaction(database, sql -> sql.one(
        "select sequence from read_offset where tag = ?", row -> row.getLong(1), tag).orElse(0L)));
  }

  private Done apply(String tag, List<EventEnvelope> batch) {
    return Sql.transaction(database, sql -> {
      for (var envelope : batch) {
        apply(sql, envelope);
      }
      if (!(batch.getLast().offset() instanceof Sequence last)) {
        throw new Defect("offset: " + batch.getLast().offset() + " (expected: a sequence number)");
      }
      if (sql.update("update read_offset set sequence = ? where tag = ?", last.value(), tag) == 0) {
        sql.update("insert into read_offset values (?, ?)", tag, last.value());
      }
      return Done.getInstance();
    });
  }

  static void apply(Sql sql, EventEnvelope envelope) throws SQLException {
    var id = envelope.persistenceId().substring(envelope.persistenceId().indexOf('|') + 1);
    switch (envelope.event()) {
      case Job.Event event -> {
        var job = JobId.parse(id);
        OpenOfferTable.apply(sql, job, envelope.sequenceNr(), event);
        switch (event) {
          case Job.Posted(var offer, _, var at) -> {
            JobList.posted(sql, job, offer.word().creator(), at);
            EarningList.posted(sql, job, offer.word());
          }
          case Job.Ended(var outcome, var attempt, var ending, var at) -> {
            JobList.ended(sql, job, outcome, at);
            EarningList.ended(sql, job, attempt, ending, at);
          }
          case Job.AttemptLost(var attempt, var ending, var at) -> EarningList.ended(sql, job, attempt, ending, at);
          case Job.Closing _ -> {}
        }
      }
      case Machine.Event event -> {
        var machine = MachineId.parse(id);
        OpenOfferTable.apply(sql, machine, envelope.sequenceNr(), event);
        if (event instanceof Machine.Listed listed) {
          for (var speed : listed.attributes().speed()) {
            MachineSpeeds.put(sql, machine, speed);
          }
        }
      }
      case Object other -> throw new Defect("tagged event: " + other.getClass() + " (expected: of a job or a machine)");
    }
  }
}
