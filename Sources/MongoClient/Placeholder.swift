enum PlaceholderMongoClient {}
