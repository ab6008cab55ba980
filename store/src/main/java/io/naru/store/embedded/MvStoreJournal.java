package io.naru.store.embedded;

import io.naru.channel.frame.Json;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.path.PathNotice;
import io.naru.core.service.Service;
import io.naru.store.engine.Journal;
import io.naru.store.state.ClusterState;
import io.naru.store.state.StateEvent;
import io.naru.store.state.TokenRecord;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.StringDataType;

/** Keeps a state in the tables of an MVStore file; each value is JSON. */
final class MvStoreJournal implements Journal {
  private static final String FILE = "cluster.mv";
  private static final String MARK = "cluster.revision";
  private static final String FORMAT = "2";

  /** Without a sum of its contents; the next commit makes it the present one. */
  private static final String FORMAT_WITHOUT_SUM = "1";

  private static final String SUM = "sum";
  private static final int COMMITS_BETWEEN_COMPACTIONS = 512;
  private static final int LEAST_FILL_PERCENT = 50;
  private static final int MOST_REWRITTEN_BYTES = 4 << 20;

  private final Path file;
  private final MVStore store;
  private final RevisionMark mark;
  private final MVMap<String, String> facts;
  private final MVMap<String, String> claims;
  private final MVMap<String, String> nodes;
  private final MVMap<String, String> keys;
  private final MVMap<String, String> notices;
  private final MVMap<String, String> tokens;
  private final MVMap<String, String> services;
  private final ContentSum sum = new ContentSum();
  private final ClusterState initial;
  private int commits;

  private MvStoreJournal(Path file, MVStore store, RevisionMark mark, NetworkConfiguration ifNew) {
    this.file = file;
    this.store = store;
    this.mark = mark;
    facts = table("facts");
    claims = table("claims");
    nodes = table("nodes");
    keys = table("keys");
    notices = table("notices");
    tokens = table("tokens");
    services = table("services");
    for (MVMap<String, String> table :
        List.of(facts, claims, nodes, keys, notices, tokens, services)) {
      table.forEach((key, value) -> sum.add(table.getName(), key, value));
    }
    String written = facts.get(SUM);
    if (written != null) {
      sum.remove(facts.getName(), SUM, written);
    }
    if (mark.read().isEmpty() && isNewOrCutOff()) {
      put(facts, "configuration", Json.write(ifNew));
      commit(0);
    }
    initial = read();
  }

  /**
   * Before the first revision is marked nothing was acknowledged: a start may have been cut off.
   */
  private boolean isNewOrCutOff() {
    String revision = facts.get("revision");
    if (revision == null || revision.equals("0")) {
      return true;
    }
    throw damaged(file, "the file " + MARK + " beside it is missing or empty", null);
  }

  private MVMap<String, String> table(String name) {
    return store.openMap(
        name,
        new MVMap.Builder<String, String>()
            .keyType(StringDataType.INSTANCE)
            .valueType(StringDataType.INSTANCE));
  }

  static MvStoreJournal open(Path directory, NetworkConfiguration ifNew) {
    return open(directory, ifNew, RevisionMark.Disk.REAL);
  }

  static MvStoreJournal open(Path directory, NetworkConfiguration ifNew, RevisionMark.Disk disk) {
    Path file = directory.resolve(FILE);
    RevisionMark mark = RevisionMark.open(directory, MARK, disk);
    MVStore store = null;
    try {
      prepare(file, mark);
      store =
          new MVStore.Builder().fileName(file.toString()).autoCommitDisabled().cacheSize(1).open();
      return new MvStoreJournal(file, store, mark, ifNew);
    } catch (MVStoreException e) {
      abandon(store, mark);
      throw sentence(file, e);
    } catch (NaruException e) {
      abandon(store, mark);
      throw e;
    } catch (IOException e) {
      abandon(store, mark);
      throw io.naru.channel.file.PrivateFile.failed("opening " + file, e);
    } catch (RuntimeException | AssertionError | OutOfMemoryError | StackOverflowError e) {
      // MVStore asserts where it could complain, and believes a damaged length.
      abandon(store, mark);
      throw damaged(file, String.valueOf(e.getMessage()), e);
    }
  }

  private static void abandon(@org.jspecify.annotations.Nullable MVStore store, RevisionMark mark) {
    if (store != null) {
      store.closeImmediately();
    }
    mark.close();
  }

  /** Makes the file, readable by its owner alone, if it is new. */
  private static void prepare(Path file, RevisionMark mark) throws IOException {
    if (Files.exists(file) && Files.size(file) > 0) {
      return;
    }
    if (mark.read().isPresent()) {
      throw damaged(file, "it is missing or empty although the network was made before", null);
    }
    if (!Files.exists(file)) {
      FileChannel.open(
              file,
              EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
          .close();
    }
  }

  ClusterState initial() {
    return initial;
  }

  private ClusterState read() {
    String format = facts.get("format");
    String written = facts.get(SUM);
    if (!FORMAT.equals(format) && !FORMAT_WITHOUT_SUM.equals(format)) {
      throw damaged(file, "its format is '" + format + "', not " + FORMAT, null);
    }
    if (written == null ? FORMAT.equals(format) : !written.equals(sum.toString())) {
      throw damaged(file, "its contents are not those that were written", null);
    }
    String configuration = facts.get("configuration");
    String revision = facts.get("revision");
    if (configuration == null || revision == null) {
      throw damaged(file, "it has no configuration", null);
    }
    long acknowledged = mark.read().orElse(0);
    long found = Long.parseLong(revision);
    if (found < acknowledged) {
      throw damaged(
          file,
          "it has the state of revision "
              + found
              + ", but revision "
              + acknowledged
              + " was acknowledged",
          null);
    }
    try {
      return read(configuration).at(found);
    } catch (NaruException unreadable) {
      throw damaged(file, unreadable.sentence(), unreadable);
    }
  }

  private ClusterState read(String configuration) {
    ClusterState state = ClusterState.empty(Json.read(configuration, NetworkConfiguration.class));
    String authority = facts.get("authority");
    if (authority != null) {
      state = state.with(new StateEvent.AuthoritySet(authority));
    }
    List<StateEvent> members = new ArrayList<>();
    claims.values().forEach(json -> members.add(Json.read(json, StateEvent.ClaimsPut.class)));
    nodes
        .values()
        .forEach(json -> members.add(new StateEvent.NodePut(Json.read(json, Node.class))));
    services
        .values()
        .forEach(json -> members.add(new StateEvent.ServicePut(Json.read(json, Service.class))));
    state = state.withAll(members);
    for (var key : keys.entrySet()) {
      state = state.with(new StateEvent.KeyPut(new NodeName(key.getKey()), key.getValue()));
    }
    for (String json : notices.values()) {
      state = state.with(new StateEvent.NoticePut(Json.read(json, PathNotice.class)));
    }
    for (String json : tokens.values()) {
      state = state.with(new StateEvent.TokenPut(Json.read(json, TokenRecord.class)));
    }
    return state;
  }

  @Override
  public void append(List<StateEvent> events, long revision) {
    try {
      events.forEach(this::put);
      commit(revision);
      if (++commits % COMMITS_BETWEEN_COMPACTIONS == 0) {
        store.compact(LEAST_FILL_PERCENT, MOST_REWRITTEN_BYTES);
      }
    } catch (MVStoreException e) {
      throw sentence(file, e);
    }
  }

  private void commit(long revision) {
    put(facts, "format", FORMAT);
    put(facts, "revision", Long.toString(revision));
    facts.put(SUM, sum.toString());
    store.commit();
    store.sync();
    mark.write(revision);
  }

  private void put(StateEvent event) {
    switch (event) {
      case StateEvent.ConfigurationSet set ->
          put(facts, "configuration", Json.write(set.configuration()));
      case StateEvent.AuthoritySet set -> put(facts, "authority", set.fingerprint());
      case StateEvent.ClaimsPut put -> put(claims, put.node().text(), Json.write(put));
      case StateEvent.ClaimsRemoved removed -> remove(claims, removed.node().text());
      case StateEvent.NodePut put -> put(nodes, put.node().name().text(), Json.write(put.node()));
      case StateEvent.NodeRemoved removed -> remove(nodes, removed.node().text());
      case StateEvent.KeyPut put -> put(keys, put.node().text(), put.fingerprint());
      case StateEvent.KeyRemoved removed -> remove(keys, removed.node().text());
      case StateEvent.NoticePut put ->
          put(
              notices,
              new io.naru.store.state.NoticeKey(put.notice().path(), put.notice().observer())
                  .toString(),
              Json.write(put.notice()));
      case StateEvent.NoticeRemoved removed -> remove(notices, removed.key().toString());
      case StateEvent.ServicePut put ->
          put(services, put.service().name().toString(), Json.write(put.service()));
      case StateEvent.ServiceRemoved removed -> remove(services, removed.service().toString());
      case StateEvent.TokenPut put -> put(tokens, put.token().id(), Json.write(put.token()));
      case StateEvent.TokenRemoved removed -> remove(tokens, removed.id());
    }
  }

  private void put(MVMap<String, String> table, String key, String value) {
    String before = table.put(key, value);
    if (before != null) {
      sum.remove(table.getName(), key, before);
    }
    sum.add(table.getName(), key, value);
  }

  private void remove(MVMap<String, String> table, String key) {
    String before = table.remove(key);
    if (before != null) {
      sum.remove(table.getName(), key, before);
    }
  }

  @Override
  public void close() {
    try {
      store.close();
    } catch (MVStoreException e) {
      throw sentence(file, e);
    } finally {
      mark.close();
    }
  }

  private static NaruException sentence(Path file, MVStoreException e) {
    return switch (e.getErrorCode()) {
      case DataUtils.ERROR_FILE_LOCKED ->
          new NaruException(
              ErrorCode.CONFLICT,
              "another program has " + file + " open; find it with: fuser -v " + file,
              e);
      case DataUtils.ERROR_WRITING_FAILED, DataUtils.ERROR_READING_FAILED ->
          new NaruException(
              ErrorCode.FILE_FAILED,
              "reading or writing " + file + " failed (" + e.getMessage() + "); check the disk",
              e);
      default -> damaged(file, String.valueOf(e.getMessage()), e);
    };
  }

  private static NaruException damaged(
      Path file, String how, @org.jspecify.annotations.Nullable Throwable e) {
    return new NaruException(
        ErrorCode.MALFORMED,
        "the store's file "
            + file
            + " is damaged ("
            + how
            + "); restore the server's data directory as a whole from a backup, or to make a new"
            + " network remove the directory and let every node join again",
        e);
  }
}
