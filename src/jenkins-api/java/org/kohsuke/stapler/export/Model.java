package org.kohsuke.stapler.export;

import java.io.IOException;

/** Stands for the class of the same name in Stapler. */
public class Model<T> {
    public void writeTo(T object, DataWriter writer) throws IOException {
        throw new UnsupportedOperationException("only Jenkins does that");
    }
}
