package io.darkroom.app.models;

import io.darkroom.model.BrokenPackage;
import io.darkroom.render.ObjectUri;
import io.darkroom.s3.ListedObject;
import io.darkroom.text.Printable;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Turns the keys of a package's objects into the names of its files. */
final class ListedFiles {
  private static final int SHOWN = 100;

  private ListedFiles() {}

  /**
   * Returns the objects by the names of their files.
   *
   * @throws BrokenPackage if a key breaks a rule of {@link PackageFileNames}, or if a file would
   *     also be a folder
   */
  static SortedMap<String, ListedObject> of(ObjectUri prefix, List<ListedObject> objects)
      throws BrokenPackage {
    SortedMap<String, ListedObject> files = new TreeMap<>();
    for (ListedObject each : objects) {
      if (!folderMarker(each)) {
        files.put(name(prefix, each), each);
      }
    }
    for (String file : files.keySet()) {
      checkFolders(file, files);
    }
    return files;
  }

  /** Returns whether an object only represents a folder, as web consoles create it. */
  private static boolean folderMarker(ListedObject object) {
    return object.key().endsWith("/") && object.bytes() == 0;
  }

  private static String name(ObjectUri prefix, ListedObject object) throws BrokenPackage {
    if (!object.key().startsWith(prefix.key())) {
      throw new BrokenPackage(shown(object.key()), "", "must be under " + prefix);
    }
    String name = object.key().substring(prefix.key().length());
    Optional<String> problem = PackageFileNames.problem(name);
    if (problem.isPresent()) {
      throw new BrokenPackage(shown(name), "", problem.get());
    }
    return name;
  }

  private static void checkFolders(String file, SortedMap<String, ListedObject> files)
      throws BrokenPackage {
    for (int slash = file.indexOf('/'); slash > 0; slash = file.indexOf('/', slash + 1)) {
      String folder = file.substring(0, slash);
      if (files.containsKey(folder)) {
        throw new BrokenPackage(shown(folder), "", "must not be a file and a folder");
      }
    }
  }

  /** Returns a name that is safe to show. */
  static String shown(String name) {
    return name.isEmpty() ? "(no name)" : Printable.line(name, SHOWN);
  }
}
