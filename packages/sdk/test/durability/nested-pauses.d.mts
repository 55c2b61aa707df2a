export declare const pausePlaces: readonly string[];
