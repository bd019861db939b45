package io.darkroom.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** Reads the files of {@code deploy/access} as {@code kafka-acls.sh --add} does. */
public final class AclFile {
  private static final Path ACCESS = Path.of("deploy/access");

  private AclFile() {}

  /** Returns the ACLs of every file. */
  public static List<AclBinding> all() throws IOException {
    List<AclBinding> acls = new ArrayList<>();
    try (Stream<Path> files = Files.list(ACCESS)) {
      for (Path file : files.filter(each -> each.toString().contains("kafka-acls")).toList()) {
        acls.addAll(read(file.getFileName().toString()));
      }
    }
    return acls;
  }

  /** Returns the ACLs of one file. */
  static List<AclBinding> read(String file) throws IOException {
    List<AclBinding> acls = new ArrayList<>();
    for (String line : Files.readAllLines(ACCESS.resolve(file))) {
      if (!line.startsWith("#")) {
        acls.addAll(parse(line.split(" ", -1)));
      }
    }
    return acls;
  }

  private static List<AclBinding> parse(String[] words) {
    List<AclOperation> operations = new ArrayList<>();
    ResourcePattern resource = null;
    String principal = "";
    for (int i = 0; i + 1 < words.length; i += 2) {
      switch (words[i]) {
        case "--allow-principal" -> principal = words[i + 1];
        case "--operation" -> operations.add(operation(words[i + 1]));
        case "--topic" -> resource = resource(ResourceType.TOPIC, words[i + 1]);
        case "--group" -> resource = resource(ResourceType.GROUP, words[i + 1]);
        default -> throw new AssertionError("unknown option " + words[i]);
      }
    }
    List<AclBinding> acls = new ArrayList<>();
    for (AclOperation operation : operations) {
      acls.add(
          new AclBinding(
              resource,
              new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW)));
    }
    return acls;
  }

  /** Parses {@code DescribeConfigs}. */
  private static AclOperation operation(String name) {
    String words = name.replaceAll("(?<=[a-z])(?=[A-Z])", "_");
    return AclOperation.valueOf(words.toUpperCase(Locale.ROOT));
  }

  private static ResourcePattern resource(ResourceType type, String name) {
    return new ResourcePattern(type, name, PatternType.LITERAL);
  }
}
