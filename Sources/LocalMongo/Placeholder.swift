enum PlaceholderLocalMongo {}
