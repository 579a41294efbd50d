package org.kohsuke.stapler.export;

import java.io.IOException;
import java.io.Writer;

/** Stands for the class of the same name in Stapler. */
public enum Flavor {
    JSON {
        @Override
        public DataWriter createDataWriter(Object bean, Writer w, ExportConfig config) throws IOException {
            throw new UnsupportedOperationException("only Jenkins does that");
        }
    };

    public abstract DataWriter createDataWriter(Object bean, Writer w, ExportConfig config) throws IOException;
}
