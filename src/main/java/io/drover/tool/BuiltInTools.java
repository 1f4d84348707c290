package io.drover.tool;

import java.util.List;

/** A bean of this type provides the tools that are there from the start. */
@FunctionalInterface
public interface BuiltInTools {

    List<BuiltInTool> tools();
}
