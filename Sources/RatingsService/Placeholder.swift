enum PlaceholderRatingsService {}
